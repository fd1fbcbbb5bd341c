"""Which ContactFlow a command works on: the one running on this machine, or a stack in the operator's account."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

#: `contactflow up` writes its URLs here while it runs.
RUNNING = Path(__file__).parents[1] / ".contactflow" / "up.json"
_REGION = "us-east-1"


class NoDeploymentError(Exception):
    """There is no ContactFlow to work on. The text says what to do."""


@dataclass(frozen=True)
class Deployment:
    """A stack's Outputs, and where its AWS answers; `endpoint` and `mailbox` are None in a real account."""

    outputs: dict[str, str]
    endpoint: str | None
    mailbox: str | None

    def client(self, service: str) -> Any:
        return _client(service, self.endpoint)

    def depth(self, output: str) -> int:
        """Messages in the queue whose URL that Output names: waiting, being read, or delayed. Receives nothing."""
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        attributes = self.client("sqs").get_queue_attributes(
            QueueUrl=self.outputs[output], AttributeNames=names
        )["Attributes"]
        return sum(int(attributes[name]) for name in names)


def find(stack: str, *, aws: bool) -> Deployment:
    """The running local stack unless `aws` or AWS_ENDPOINT_URL says otherwise. Raises NoDeploymentError."""
    running = None if aws or "AWS_ENDPOINT_URL" in os.environ else _running()
    endpoint = running["aws"] if running else None
    try:
        [described] = _client("cloudformation", endpoint).describe_stacks(StackName=stack)["Stacks"]
    except (ClientError, BotoCoreError) as error:
        raise NoDeploymentError(
            f"Found no stack {stack!r}: {error} Start one here with `make run`, or name yours with --stack."
        ) from None
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
    return Deployment(outputs, endpoint, running["mailbox"] if running else None)


def _running() -> dict[str, Any] | None:
    try:
        written: dict[str, Any] = json.loads(RUNNING.read_text())
        # Signal 0 only asks whether the process is there.
        os.kill(written["pid"], 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return written


def _client(service: str, endpoint: str | None) -> Any:
    if endpoint is None:
        return cast("Any", boto3).client(service)
    return cast("Any", boto3).client(
        service,
        endpoint_url=endpoint,
        region_name=_REGION,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106 - what the local stack takes
    )
