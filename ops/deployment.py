"""Which ContactFlow a command works on: the one running on this machine, or a stack in the operator's account."""

import json
import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import boto3
from botocore.exceptions import BotoCoreError, ClientError

#: `contactflow up` writes its URLs here while it runs.
RUNNING = Path(__file__).parents[1] / ".contactflow" / "up.json"
_REGION = "us-east-1"
# Clients may be shared among threads, the session that makes them may not:
# https://docs.aws.amazon.com/boto3/latest/guide/clients.html#multithreading-or-multiprocessing-with-clients
_making = threading.Lock()


class NoDeploymentError(Exception):
    """There is no ContactFlow to work on. The text says what to do."""


@dataclass(frozen=True)
class Deployment:
    """A stack's Outputs, and where its AWS answers; `endpoint` and `mailbox` are None in a real account."""

    outputs: dict[str, str]
    endpoint: str | None
    mailbox: str | None
    _clients: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def client(self, service: str) -> Any:
        """One a service: making one reads the service's model, which takes longer than a call."""
        with _making:
            if service not in self._clients:
                self._clients[service] = _client(service, self.endpoint)
        return self._clients[service]

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
