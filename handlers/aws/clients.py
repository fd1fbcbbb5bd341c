"""One client of each service, made when it is first asked for: what an environment never calls costs it nothing."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

# Off: AWS checks every call itself, and answers a wrong one in a way that tells whether it took effect.
_CHECKED_BY_AWS = Config(parameter_validation=False)
_SAFE_TO_REPEAT = _CHECKED_BY_AWS.merge(
    Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=3, read_timeout=6)
)
# One attempt and no more: botocore repeats a call whose answer it did not read, and SES would send each one.
# https://github.com/boto/botocore/issues/1768
ONCE = _CHECKED_BY_AWS.merge(Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=15))


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_SAFE_TO_REPEAT)


@cache
def stepfunctions() -> "SFNClient":
    return boto3.client("stepfunctions", config=_SAFE_TO_REPEAT)


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=_SAFE_TO_REPEAT)


@cache
def sns() -> "SNSClient":
    return boto3.client("sns", config=_SAFE_TO_REPEAT)


@cache
def ses() -> "SESV2Client":
    return boto3.client("sesv2", config=ONCE)
