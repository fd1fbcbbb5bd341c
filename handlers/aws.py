"""The only module that talks to AWS: one short function per call we make."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, cast

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from handlers.core import sending
from handlers.core.change import Change, expression
from handlers.core.mail import Mail
from handlers.core.sweeping import Stuck
from handlers.errors import (
    ConditionFailedError,
    OutcomeUnknownError,
    RecordUnavailableError,
    TransientSendError,
)
from schemas.record import MessageRecord, Status, record_key
from schemas.workflow import ReviewMessage, WorkflowInput

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient

_to_dynamodb = TypeSerializer().serialize
_from_dynamodb = TypeDeserializer().deserialize

# Off: AWS checks every call itself, and answers a wrong one in a way that tells whether it took effect.
_CHECKED_BY_AWS = Config(parameter_validation=False)
_SAFE_TO_REPEAT = _CHECKED_BY_AWS.merge(
    Config(retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=3, read_timeout=6)
)
# One attempt and no more: botocore repeats a call whose answer it did not read, and SES would send each one.
# https://github.com/boto/botocore/issues/1768
_ONCE = _CHECKED_BY_AWS.merge(Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=15))


@cache
def _dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=_SAFE_TO_REPEAT)


@cache
def _stepfunctions() -> "SFNClient":
    return boto3.client("stepfunctions", config=_SAFE_TO_REPEAT)


@cache
def _sqs() -> "SQSClient":
    return boto3.client("sqs", config=_SAFE_TO_REPEAT)


@cache
def _sns() -> "SNSClient":
    return boto3.client("sns", config=_SAFE_TO_REPEAT)


@cache
def _ses() -> "SESV2Client":
    return boto3.client("sesv2", config=_ONCE)


def _record(item: dict[str, Any]) -> MessageRecord:
    return MessageRecord.model_validate({key: _from_dynamodb(value) for key, value in item.items()})


def _refused(error: ClientError) -> ConditionFailedError | None:
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        return None
    item = cast("dict[str, Any]", error.response).get("Item")
    return ConditionFailedError(_record(item) if item else None)


def put_record(table: str, record: MessageRecord) -> None:
    """Raise ConditionFailedError with the record already there, or RecordUnavailableError."""
    # An empty text is left out: conditions ask whether an attribute exists.
    fields = {key: value for key, value in record.model_dump(mode="json").items() if value != ""}
    item = {key: _to_dynamodb(value) for key, value in fields.items()}
    try:
        _dynamodb().put_item(
            TableName=table,
            Item=record_key(record.messageId) | item,
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        raise (_refused(error) or RecordUnavailableError(error.response["Error"]["Code"])) from None
    except BotoCoreError as error:
        raise RecordUnavailableError(type(error).__name__) from None


def change_record(table: str, change: Change) -> MessageRecord:
    """Return the record after the change; raise as put_record does."""
    words = expression(change)
    try:
        answer = _dynamodb().update_item(
            TableName=table,
            Key=record_key(change.message_id),
            UpdateExpression=words.update,
            ConditionExpression=words.condition,
            ExpressionAttributeNames=words.names,
            ExpressionAttributeValues={key: _to_dynamodb(value) for key, value in words.values.items()},
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        raise (_refused(error) or RecordUnavailableError(error.response["Error"]["Code"])) from None
    except BotoCoreError as error:
        raise RecordUnavailableError(type(error).__name__) from None
    return _record(answer["Attributes"])


def unchanged_since(table: str, status: Status, before: str) -> list[Stuck]:
    """The oldest records of a status that nothing has changed since `before`; one page of the index, at most."""
    answer = _dynamodb().query(
        TableName=table,
        IndexName="byStatus",
        KeyConditionExpression="#status = :status AND #updatedAt < :before",
        ExpressionAttributeNames={"#status": "status", "#updatedAt": "updatedAt"},
        ExpressionAttributeValues={":status": {"S": status}, ":before": {"S": before}},
    )
    return [Stuck(item["messageId"]["S"], status, item["updatedAt"]["S"]) for item in answer["Items"]]


def put_marker(table: str, key: str, expires_at: int) -> bool:
    """Put an item that stands for "this was done"; False if it is there already."""
    item: dict[str, Any] = {"pk": {"S": key}, "sk": {"S": "MARKER"}, "expiresAt": {"N": str(expires_at)}}
    try:
        _dynamodb().put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    except ClientError as error:
        if _refused(error):
            return False
        raise RecordUnavailableError(error.response["Error"]["Code"]) from None
    return True


def has_marker(table: str, key: str) -> bool:
    answer = _dynamodb().get_item(TableName=table, Key={"pk": {"S": key}, "sk": {"S": "MARKER"}})
    return "Item" in answer


def count_up(table: str, key: str, limit: int, expires_at: int) -> bool:
    """Add one to a counter; False, and nothing added, if it stands at the limit. Raise RecordUnavailableError."""
    try:
        _dynamodb().update_item(
            TableName=table,
            Key={"pk": {"S": key}, "sk": {"S": "COUNTER"}},
            UpdateExpression="SET expiresAt = :expiresAt ADD #counted :one",
            ConditionExpression="attribute_not_exists(#counted) OR #counted < :limit",
            ExpressionAttributeNames={"#counted": "counted"},
            ExpressionAttributeValues={
                ":expiresAt": {"N": str(expires_at)},
                ":one": {"N": "1"},
                ":limit": {"N": str(limit)},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise RecordUnavailableError(error.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        raise RecordUnavailableError(type(error).__name__) from None
    return True


def get_record(table: str, message_id: str) -> MessageRecord | None:
    """Strongly consistent."""
    answer = _dynamodb().get_item(TableName=table, Key=record_key(message_id), ConsistentRead=True)
    return _record(answer["Item"]) if "Item" in answer else None


def start_execution(state_machine: str, name: str, workflow_input: WorkflowInput) -> bool:
    """False if an execution of that name exists or existed: the message is in good hands already.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    try:
        _stepfunctions().start_execution(
            stateMachineArn=state_machine, name=name, input=workflow_input.model_dump_json()
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
            return False
        raise
    return True


def queue_review(queue_url: str, message: ReviewMessage, delay_seconds: int = 0) -> None:
    _sqs().send_message(QueueUrl=queue_url, MessageBody=message.model_dump_json(), DelaySeconds=delay_seconds)


def hide(queue_url: str, receipt_handle: str, seconds: int) -> None:
    """Keep a received message from everybody for so long, counted from now."""
    _sqs().change_message_visibility(
        QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
    )


def publish(topic_arn: str, subject: str, text: str, attributes: Mapping[str, str]) -> None:
    """People read the text, programs the attributes."""
    given: Any = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    _sns().publish(TopicArn=topic_arn, Subject=subject, Message=text, MessageAttributes=given)


def send_mail(mail: Mail) -> str:
    """Ask SES once; return its id. Raise TransientSendError, PermanentSendError or OutcomeUnknownError."""
    body: dict[str, Any] = {"Text": {"Data": mail.text, "Charset": "UTF-8"}}
    if mail.html:
        body["Html"] = {"Data": mail.html, "Charset": "UTF-8"}
    subject: Any = {"Data": mail.subject, "Charset": "UTF-8"}
    try:
        answer = _ses().send_email(
            FromEmailAddress=mail.sender,
            Destination={"ToAddresses": [mail.recipient]},
            ReplyToAddresses=[mail.reply_to] if mail.reply_to else [],
            Content={"Simple": {"Subject": subject, "Body": cast("Any", body)}},
            ConfigurationSetName=mail.configuration_set,
            EmailTags=[{"Name": name, "Value": value} for name, value in mail.tags.items()],
        )
    except ClientError as error:
        raise sending.judge(
            error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
        ) from None
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        # No connection, so no request left this process.
        raise TransientSendError(type(error).__name__) from None
    except (BotoCoreError, ResponseParserError) as error:
        raise OutcomeUnknownError(type(error).__name__) from None
    # A connection cut within the answer's body reaches us as a success without its fields.
    message_id = answer.get("MessageId")
    if not message_id:
        raise OutcomeUnknownError("NoMessageId")
    return message_id
