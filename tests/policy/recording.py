"""What functions, gateway and state machine ask of AWS, recorded from a running stack.

`python -m tests.policy` records anew into calls.json; a flow test holds the file to what the stack does.
"""

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from handlers.core import times
from tests.fakes.records import record as record_of
from tests.fakes.webhook_receiver import Receiver
from tests.flow.operator import quick, workbench
from tests.flow.stack import LocalStack, until

FILE = Path(__file__).with_name("calls.json")
_LONG_AGO = timedelta(days=3)
# The IAM action of a task's resource: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html
_TASKS = {
    ("lambda", "invoke"): ("lambda:InvokeFunction", "FunctionName"),
    ("dynamodb", "updateItem"): ("dynamodb:UpdateItem", "TableName"),
    ("sqs", "sendMessage"): ("sqs:SendMessage", "QueueUrl"),
    ("sns", "publish"): ("sns:Publish", "TopicArn"),
}


class Call(NamedTuple):
    """Names are template.yaml's logical ids; `action` is IAM's."""

    caller: str
    action: str
    resource: str


def checked_in() -> set[Call]:
    return {Call(**row) for row in json.loads(FILE.read_text())}


def write(calls: set[Call]) -> None:
    rows = ",\n".join(f"  {json.dumps(call._asdict())}" for call in sorted(calls))
    FILE.write_text(f"[\n{rows}\n]\n")


def record(stack: LocalStack, receiver: Receiver) -> set[Call]:
    """Go every way on which a call is made; the stack has `--faults` and a webhook to the receiver."""
    names = _names(stack)
    executions = _deliver_and_acknowledge(stack, names), _fail_and_redrive(stack, names)
    _tell_of_a_bounce(stack)
    _sweep(stack, names)
    _alert_in_vain(stack, receiver, names)
    quick(stack, "dlq", "discard", "--where", "older-than=0d", "--reason", "recorded", "--yes")
    rows = stack.http.get(f"{stack.aws}/_calls").json()
    return {Call(**row) for row in rows} | _tasks(stack, names, executions)


def _names(stack: LocalStack) -> dict[str, str]:
    """Logical → physical id."""
    described = stack.client("cloudformation").describe_stack_resources(StackName="contactflow")
    return {
        row["LogicalResourceId"]: row["PhysicalResourceId"]
        for row in described["StackResources"]
        if "LogicalResourceId" in row and "PhysicalResourceId" in row
    }


def _deliver_and_acknowledge(stack: LocalStack, names: dict[str, str]) -> str:
    """The name of an execution that acknowledges: the switch is off in this stack, so it is started by hand."""
    message_id = stack.accepted(email=f"{uuid.uuid4().hex}@example.com")
    stack.wait_for(message_id, "delivered")
    states, name = stack.client("stepfunctions"), str(uuid.uuid4())
    task = {"messageId": message_id, "outcomeDeadlineSeconds": 900, "acknowledge": True}
    states.start_execution(stateMachineArn=names["DeliveryStateMachine"], name=name, input=json.dumps(task))
    until(lambda: len(stack.mails(message_id)), lambda mails: mails == 2)
    return name


def _fail_and_redrive(stack: LocalStack, names: dict[str, str]) -> str:
    """The name of an execution that went through review, which is its message's id."""
    stack.wait_for(stack.accepted(website="https://spam.example"), "review")
    with stack.refusing():
        failed = stack.accepted()
        stack.wait_for(failed, "review")
    body = json.dumps({"messageId": failed, "reason": "redriven as SQS does"})
    stack.client("sqs").send_message(QueueUrl=names["IntakeQueue"], MessageBody=body)
    stack.wait_for(failed, "delivered")
    return failed


def _tell_of_a_bounce(stack: LocalStack) -> None:
    stack.play_next("bounce")
    stack.wait_for(stack.accepted(), "bounced")
    ses = stack.client("sesv2")
    for listed in ses.list_suppressed_destinations()["SuppressedDestinationSummaries"]:
        ses.delete_suppressed_destination(EmailAddress=listed["EmailAddress"])


def _sweep(stack: LocalStack, names: dict[str, str]) -> None:
    message_id, then = str(uuid.uuid4()), times.iso(datetime.now(UTC) - _LONG_AGO)
    workbench(stack).table.put(record_of(messageId=message_id, acceptedAt=then, updatedAt=then))
    _invoke(stack, names["SweepFunction"], {})
    stack.wait_for(message_id, "review")


def _alert_in_vain(stack: LocalStack, receiver: Receiver, names: dict[str, str]) -> None:
    """An alert that its receiver refuses, so that its queue is asked to wait."""
    marker = f"policy {uuid.uuid4()}"
    receiver.otherwise = 500
    try:
        stack.client("sns").publish(
            TopicArn=names["AlertTopic"],
            Subject=marker,
            Message=marker,
            MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
        )
        until(lambda: _has(stack, "sqs:ChangeMessageVisibility"), bool)
    finally:
        receiver.otherwise = 204


def _has(stack: LocalStack, action: str) -> bool:
    return any(row["action"] == action for row in stack.http.get(f"{stack.aws}/_calls").json())


def _invoke(stack: LocalStack, function: str, event: dict[str, str]) -> None:
    answer = stack.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
    assert "FunctionError" not in answer, answer["Payload"].read()


def _tasks(stack: LocalStack, names: dict[str, str], executions: tuple[str, ...]) -> set[Call]:
    """What the state machine's tasks asked for, from the histories."""
    states = stack.client("stepfunctions")
    arn = names["DeliveryStateMachine"].replace(":stateMachine:", ":execution:")
    logical = {physical.rpartition("/")[2].rpartition(":")[2]: name for name, physical in names.items()}
    found = set()
    for name in executions:
        for event in states.get_execution_history(executionArn=f"{arn}:{name}", maxResults=1000)["events"]:
            if scheduled := event.get("taskScheduledEventDetails"):
                action, named_by = _TASKS[scheduled["resourceType"], scheduled["resource"]]
                named = json.loads(scheduled["parameters"])[named_by].rpartition("/")[2].rpartition(":")[2]
                found.add(Call("DeliveryStateMachine", action, logical[named]))
    return found
