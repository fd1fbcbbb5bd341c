"""What is left after a run: records, mails, review items, executions, logs."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ops.reconcile import COLUMNS
from tests.faults.project import Running

_IN_TRANSIT = COLUMNS["in transit"]


@dataclass(frozen=True)
class Evidence:
    #: message id → (status, reason)
    records: dict[str, tuple[str, str]]
    #: mails that SES accepted, by message id and kind: "submission" to the owner, "acknowledgement"
    mails: Counter[tuple[str, str]]
    #: bodies of the messages in the review queue
    review: list[str]
    #: alarms and notices to the operator
    alerts: list[str]
    #: everything else that the system writes down, by where
    writings: dict[str, str]


class Observer:
    """Looks at a running stack through its AWS endpoint, as an operator would."""

    def __init__(self, running: Running) -> None:
        self._running = running
        names = ("sqs", "sns", "dynamodb", "stepfunctions", "cloudformation")
        self._clients = {name: running.stack.client(name) for name in names}
        [stack] = self._clients["cloudformation"].describe_stacks()["Stacks"]
        self._outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        sqs = self._clients["sqs"]
        self._alerts = sqs.create_queue(QueueName="alerts")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self._alerts, AttributeNames=["QueueArn"])
        self._clients["sns"].subscribe(
            TopicArn=self._outputs["AlertTopicArn"], Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"]
        )

    def in_transit(self) -> dict[str, int]:
        """What still has to happen; empty once everything is settled."""
        left = {name: self._depth(name) for name in ("IntakeQueueUrl", "EventsQueueUrl")}
        left["executions"] = sum(1 for _ in self._executions(statusFilter="RUNNING"))
        if not any(left.values()):
            left["records"] = sum(status in _IN_TRANSIT for status, _ in self._records().values())
        return {name: number for name, number in left.items() if number}

    def gather(self) -> Evidence:
        mails = [mail["tags"] for mail in self._running.stack.mails()]
        executions = [self._history(arn) for arn in self._executions()]
        writings = self._running.output() | {
            "executions": json.dumps(executions, default=str),
            "URLs": json.dumps(self._running.report()["urls"]),
        }
        return Evidence(
            records=self._records(),
            mails=Counter((tags["messageId"], tags["kind"]) for tags in mails),
            review=list(self._received(self._outputs["ReviewQueueUrl"])),
            alerts=list(self._received(self._alerts)),
            writings=writings,
        )

    def _depth(self, output: str) -> int:
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        url = self._outputs[output]
        answer = self._clients["sqs"].get_queue_attributes(QueueUrl=url, AttributeNames=names)
        return sum(int(number) for number in answer["Attributes"].values())

    def _records(self) -> dict[str, tuple[str, str]]:
        pages = self._clients["dynamodb"].get_paginator("scan")
        items: Iterable[dict[str, Any]] = (
            item
            for page in pages.paginate(TableName=self._outputs["MessagesTableName"])
            for item in page["Items"]
            if item["sk"]["S"] == "RECORD"
        )
        return {
            item["messageId"]["S"]: (item["status"]["S"], item.get("reason", {}).get("S", ""))
            for item in items
        }

    def _executions(self, **wanted: str) -> Iterator[str]:
        pages = self._clients["stepfunctions"].get_paginator("list_executions")
        machine = self._outputs["DeliveryStateMachineArn"]
        for page in pages.paginate(stateMachineArn=machine, PaginationConfig={"PageSize": 1000}, **wanted):
            for execution in page["executions"]:
                yield execution["executionArn"]

    def _history(self, arn: str) -> Any:
        """Its first and last event have the execution's input and output, or its cause."""
        states = self._clients["stepfunctions"]
        history = states.get_execution_history(executionArn=arn, maxResults=1000, includeExecutionData=True)
        return history["events"]

    def _received(self, url: str) -> Iterator[str]:
        while True:
            answer = self._clients["sqs"].receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=600, WaitTimeSeconds=0
            )
            if not answer.get("Messages"):
                return
            for message in answer["Messages"]:
                yield message["Body"]
