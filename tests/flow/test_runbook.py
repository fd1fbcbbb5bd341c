"""Each chapter of docs/runbook.md on the running stack: the fault, the page's commands, and it is mended."""

import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handlers.core import times
from ops.review.workbench import Workbench
from tests.fakes.webhook_receiver import Receiver
from tests.flow.operator import follow, held, quick, unique, workbench
from tests.flow.stack import LocalStack, until
from tests.runbook import CHAPTERS

pytestmark = pytest.mark.xdist_group("stack")
OWNER = "owner@contactflow.example"
OWNER_CHAPTER = "Alert: the owner's address does not take mail"
REVIEW_CHAPTER = "Alert: a message waits for review"


def _as_of_long_ago(bench: Workbench, message_id: str, **age: float) -> None:
    """Let the record be older than it is: nobody waits two days for a test."""
    moment = times.iso(datetime.now(UTC) - timedelta(**age))
    bench.deployment.client("dynamodb").update_item(
        TableName=bench.deployment.outputs["MessagesTableName"],
        Key={"pk": {"S": f"MSG#{message_id}"}, "sk": {"S": "RECORD"}},
        UpdateExpression="SET acceptedAt = :then, updatedAt = :then",
        ExpressionAttributeValues={":then": {"S": moment}},
    )


def _physical(stack: LocalStack, logical_id: str) -> str:
    resources = stack.client("cloudformation").describe_stack_resources(StackName="contactflow")
    [found] = [
        r["PhysicalResourceId"]
        for r in resources["StackResources"]
        if r.get("LogicalResourceId") == logical_id
    ]
    return str(found)


@contextmanager
def _impatient(stack: LocalStack, queue: str, tries: int = 1) -> Iterator[None]:
    """Let SQS deliver again after a second instead of minutes, and give up after so many tries."""
    sqs, url = stack.client("sqs"), workbench(stack).deployment.outputs[queue]
    wanted = ["VisibilityTimeout", "RedrivePolicy"]
    before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
    policy = json.dumps(json.loads(before["RedrivePolicy"]) | {"maxReceiveCount": tries})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "1", "RedrivePolicy": policy})
    # A long poll that is under way keeps the timeout that it began with.
    time.sleep(1.5)
    try:
        yield
    finally:
        sqs.set_queue_attributes(QueueUrl=url, Attributes=before)


def test_every_alarms_chapter_is_tried_here() -> None:
    tried = Path(__file__).read_text()
    assert [
        chapter for chapter in CHAPTERS if chapter.endswith("Alarm") and f'"{chapter}"' not in tried
    ] == []


def test_review_queue_depth(alerting: LocalStack) -> None:
    chapter, marker, before = "ReviewQueueDepthAlarm", unique(), workbench(alerting).review_depth()
    delivered, resolved, discarded = held(alerting, 3, marker)
    assert "honeypot" in follow(alerting, chapter, "dlq list")
    assert marker in follow(alerting, chapter, "dlq show", ID=delivered)
    follow(alerting, chapter, "dlq deliver", ID=delivered)
    alerting.wait_for(delivered, "delivered")
    follow(alerting, chapter, "dlq resolve", ID=resolved)
    follow(alerting, chapter, "dlq discard", ID=discarded)
    assert alerting.status(resolved) == alerting.status(discarded) == "discarded"
    follow(alerting, chapter, "dlq undo", ID=discarded)
    assert alerting.status(discarded) == "review"
    follow(alerting, chapter, "dlq deliver", ID=discarded)
    alerting.wait_for(discarded, "delivered")
    follow(alerting, chapter, "dlq sweep")
    assert workbench(alerting).review_depth() <= before


def test_review_queue_age(alerting: LocalStack) -> None:
    chapter, (message_id,) = "ReviewQueueAgeAlarm", held(alerting, 1, unique())
    _as_of_long_ago(workbench(alerting), message_id, days=3)
    assert message_id[:8] in follow(alerting, chapter, "dlq list")
    follow(alerting, chapter, "dlq deliver")
    alerting.wait_for(message_id, "delivered")
    assert message_id[:8] not in follow(alerting, chapter, "dlq list")


def test_intake_age(alerting: LocalStack) -> None:
    """StartDelivery fails, and SQS gives the message up: after one try here, after five in the template."""
    chapter, message_id = "IntakeAgeAlarm", str(uuid.uuid4())
    before = workbench(alerting).review_depth()
    with _impatient(alerting, "IntakeQueueUrl"):
        alerting.inject("DynamoDB throttles", limit=1000)
        alerting.accepted(submissionId=message_id)
        until(workbench(alerting).review_depth, lambda depth: depth > before)
        alerting.inject("DynamoDB throttles", limit=0)
    assert "IntakeQueue holds 0" in follow(alerting, chapter, "doctor")
    follow(alerting, chapter, "dlq sweep")
    follow(alerting, chapter, "dlq retry")
    alerting.wait_for(message_id, "delivered")
    assert len(alerting.mails(message_id)) == 1


def test_events_age(alerting: LocalStack) -> None:
    """What SQS gave up is put where SQS would put it."""
    chapter, bench = "EventsAgeAlarm", workbench(alerting)
    alerting.client("sqs").send_message(
        QueueUrl=bench.deployment.outputs["ReviewQueueUrl"], MessageBody='{"eventType":"Delivery","mail":{}}'
    )
    follow(alerting, chapter, "dlq sweep")
    assert "event-" in quick(alerting, "dlq", "list", "--reason", "poison_event")
    follow(alerting, chapter, "dlq retry")
    assert "event-" not in quick(alerting, "dlq", "list", "--reason", "poison_event")
    assert "ok    events" in follow(alerting, chapter, "doctor")
    follow(alerting, chapter, "reconcile")


def test_api_5xx(alerting: LocalStack) -> None:
    sent: dict[str, Any] = {"submissionId": str(uuid.uuid4())}
    alerting.inject("gateway cut off", limit=2)
    assert [alerting.post(**sent).status_code >= 500 for _ in range(2)] == [True, True]
    message_id = alerting.accepted(**sent)
    alerting.wait_for(message_id, "delivered")
    assert len(alerting.mails(message_id)) == 1
    follow(alerting, "Api5xxAlarm", "reconcile")


def test_function_errors(alerting: LocalStack) -> None:
    chapter = "FunctionErrorsAlarm"
    with _impatient(alerting, "EventsQueueUrl", tries=5):
        alerting.inject("feedback killed before its write", limit=1)
        alerting.wait_for(alerting.accepted(), "delivered")
    assert "ok    events" in follow(alerting, chapter, "doctor")
    follow(alerting, chapter, "reconcile")


def test_execution_failures(alerting: LocalStack) -> None:
    chapter, bench = "ExecutionFailuresAlarm", workbench(alerting)
    alerting.http.post(
        f"{alerting.mailbox}/api/next", json={"outcome": "throttle", "count": 1000}
    ).raise_for_status()
    message_id = alerting.accepted()
    until(lambda: "TooManyRequestsException" in quick(alerting, "status", message_id), bool)
    machine = bench.deployment.outputs["DeliveryStateMachineArn"].replace(":stateMachine:", ":execution:")
    alerting.client("stepfunctions").stop_execution(executionArn=f"{machine}:{message_id}")
    alerting.http.delete(f"{alerting.mailbox}/api/next").raise_for_status()
    # A function that was under way when its execution was stopped runs on.
    alerting.wait_for(message_id, "queued")
    assert "TooManyRequestsException" in follow(alerting, chapter, "status", ID=message_id)
    _as_of_long_ago(bench, message_id, hours=1)
    alerting.client("lambda").invoke(FunctionName=_physical(alerting, "SweepFunction"), Payload=b"{}")
    assert alerting.status(message_id) == "review"
    follow(alerting, chapter, "dlq retry", ID=message_id)
    alerting.wait_for(message_id, "delivered")
    assert len(alerting.mails(message_id)) == 1


@pytest.mark.parametrize(
    ("outcome", "status", "chapter"),
    [("bounce", "bounced", "BounceRateAlarm"), ("complaint", "complained", "ComplaintRateAlarm")],
)
def test_bounces_and_complaints(
    alerting: LocalStack, receiver: Receiver, outcome: str, status: str, chapter: str
) -> None:
    alerting.play_next(outcome)
    message_id = alerting.accepted()
    alerting.wait_for(message_id, status)
    assert OWNER in follow(alerting, chapter, "suppression list")
    mend = chapter if outcome == "complaint" else OWNER_CHAPTER
    follow(alerting, mend, "suppression remove", ADDRESS=OWNER)
    assert OWNER not in follow(alerting, chapter, "suppression list")
    alerting.wait_for(alerting.accepted(), "delivered")
    if outcome == "bounce":
        assert message_id[:8] in follow(alerting, OWNER_CHAPTER, "dlq list")
        follow(alerting, OWNER_CHAPTER, "dlq retry", ADDRESS=OWNER)
        alerting.wait_for(message_id, "delivered")
        until(lambda: [call.content for call in receiver.calls if b"owner_unreachable" in call.content], bool)


def test_a_refused_mail_is_told_and_sent_again_once_the_cause_is_mended(
    alerting: LocalStack, receiver: Receiver
) -> None:
    with alerting.refusing():
        message_id = alerting.accepted()
        alerting.wait_for(message_id, "review")
    until(lambda: [call.content for call in receiver.calls if message_id.encode() in call.content], bool)
    assert "MessageRejected" in follow(alerting, REVIEW_CHAPTER, "dlq list")
    follow(alerting, REVIEW_CHAPTER, "dlq retry")
    alerting.wait_for(message_id, "delivered")
    assert len(alerting.mails(message_id)) == 1
