"""`contactflow forget` on a table and queues as AWS keeps them."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from handlers import aws, start_delivery
from handlers.core.caps import address_hash
from handlers.errors import ConditionFailedError
from ops import receipt
from ops.deployment import Deployment
from ops.forget import erasures, forget
from ops.person import Person
from ops.receipt import Receipt
from schemas.record import MessageRecord, Status
from tests.contract.conftest import TABLE, Cloud
from tests.fakes.cloud import FakeCloud
from tests.fakes.lambda_events import Context, failures, sqs_event
from tests.fakes.records import SUBMISSION, record

ANN = Person.of("ann@example.com")
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class FakeSes:
    suppressed: set[str] = field(default_factory=set)

    def get_suppressed_destination(self, EmailAddress: str) -> dict[str, Any]:  # noqa: N803 - SES's name
        if EmailAddress in self.suppressed:
            return {}
        raise ClientError({"Error": {"Code": "NotFoundException", "Message": ""}}, "GetSuppressedDestination")


@dataclass(frozen=True)
class Stack(Deployment):
    """moto's services, but an SES with a suppression list."""

    ses: FakeSes = field(default_factory=FakeSes)

    def client(self, service: str) -> Any:
        return self.ses if service == "sesv2" else super().client(service)


@pytest.fixture
def stack(cloud: Cloud) -> Stack:
    intake = boto3.client("sqs").create_queue(QueueName="intake")["QueueUrl"]
    outputs = {"IntakeQueueUrl": intake, "ReviewQueueUrl": cloud.review_queue_url, "MessagesTableName": TABLE}
    return Stack(outputs, None, None)


def put(message_id: str, status: Status = Status.DELIVERED, **changed: object) -> None:
    submission = json.dumps(SUBMISSION | changed)
    aws.put_record(TABLE, record(status, messageId=message_id, submission=submission))


def post(url: str, *bodies: str) -> None:
    for body in bodies:
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=body)


def waiting(url: str) -> list[str]:
    found = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return sorted(message["Body"] for message in found.get("Messages", []))


def stored(message_id: str) -> MessageRecord:
    found = aws.get_record(TABLE, message_id)
    assert found
    return found


def everything_stored() -> str:
    return json.dumps(boto3.client("dynamodb").scan(TableName=TABLE)["Items"])


def test_her_messages_lose_what_she_wrote_and_keep_their_story(stack: Stack) -> None:
    put("hers", email="Ann@Example.COM")
    put("his", email="bob@example.com")
    given = forget(stack, ANN, NOW)
    assert (given.records, given.complete) == (1, True)
    hers = stored("hers")
    assert (hers.status, hers.submission, hers.contentHash) == (Status.DELIVERED, "", "")
    assert hers.events.keys() == {"accepted", "forgotten"}
    assert stored("his").submission


def test_what_was_not_sent_is_discarded_and_every_other_status_stays(stack: Stack) -> None:
    ids = {status: status.replace("_", "-") for status in Status}
    for status, message_id in ids.items():
        put(message_id, status)
    assert forget(stack, ANN, NOW).records == len(Status)
    after = {status: stored(message_id) for status, message_id in ids.items()}
    assert {kept.submission for kept in after.values()} == {""}
    unsent = {Status.QUEUED: Status.DISCARDED, Status.REVIEW: Status.DISCARDED}
    assert {status: kept.status for status, kept in after.items()} == {s: s for s in Status} | unsent


def test_the_queues_keep_what_is_not_hers(stack: Stack) -> None:
    hers, his = json.dumps(SUBMISSION), json.dumps(SUBMISSION | {"email": "bob@example.com"})
    items = [json.dumps({"messageId": message_id, "reason": "x"}) for message_id in ("held", "other")]
    put("held", Status.REVIEW)
    post(stack.outputs["IntakeQueueUrl"], hers, his, hers)
    post(stack.outputs["ReviewQueueUrl"], hers, his, *items, "unreadable, by ann@example.com")
    given = forget(stack, ANN, NOW)
    assert (given.intake_queue, given.review_queue) == (2, 3)
    assert waiting(stack.outputs["IntakeQueueUrl"]) == [his]
    assert waiting(stack.outputs["ReviewQueueUrl"]) == sorted([his, items[1]])


def test_a_long_queue_is_read_to_its_end_and_given_back(stack: Stack) -> None:
    bodies = [json.dumps(SUBMISSION | {"email": f"p{n}@example.com"}) for n in range(35)]
    post(stack.outputs["IntakeQueueUrl"], *bodies, json.dumps(SUBMISSION))
    assert forget(stack, ANN, NOW).intake_queue == 1
    depth = boto3.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["IntakeQueueUrl"], AttributeNames=["ApproximateNumberOfMessages"]
    )
    assert depth["Attributes"]["ApproximateNumberOfMessages"] == "35"


def test_counters_and_markers_of_the_address_go(stack: Stack) -> None:
    for person in ("ann@example.com", "bob@example.com"):
        aws.put_marker(TABLE, f"ACK#{address_hash(person)}#2026-11-24", 4_000_000_000)
        aws.count_up(TABLE, f"CAP#{address_hash(person)}#2026-11-24", 9, 4_000_000_000)
    assert forget(stack, ANN, NOW).counters == 2
    assert ANN.address not in everything_stored()
    assert address_hash("ann@example.com") not in everything_stored()
    assert address_hash("bob@example.com") in everything_stored()


def test_forgetting_again_finds_nothing(stack: Stack) -> None:
    put("m1")
    forget(stack, ANN, NOW)
    again = forget(stack, ANN, NOW)
    assert (again.records, again.counters, again.intake_queue, again.review_queue) == (0, 0, 0, 0)


def test_a_message_that_names_her_is_told_and_left_to_its_writer(stack: Stack) -> None:
    put("his", email="bob@example.com", message="Write to ann@example.com.")
    boto3.resource("dynamodb").Table(TABLE).put_item(
        Item={"pk": "AUDIT#a1", "sk": "AUDIT", "why": "ann@example.com asked", "subject": ""}
    )
    given = forget(stack, ANN, NOW)
    assert given.mentioned_in == ["AUDIT#a1", "his"]
    assert stored("his").submission


def test_what_somebody_else_is_reading_makes_the_receipt_incomplete(stack: Stack) -> None:
    post(stack.outputs["IntakeQueueUrl"], json.dumps(SUBMISSION))
    boto3.client("sqs").receive_message(QueueUrl=stack.outputs["IntakeQueueUrl"])
    given = forget(stack, ANN, NOW)
    assert (given.busy, given.complete) == (1, False)
    assert "run this again" in next(receipt.not_erased(given))


def test_the_suppression_list_is_told_and_left_alone(stack: Stack) -> None:
    assert not forget(stack, ANN, NOW).suppressed
    stack.ses.suppressed.add(ANN.address)
    assert any("suppression list" in text for text in receipt.not_erased(forget(stack, ANN, NOW)))


def test_a_late_copy_of_a_forgotten_message_brings_nothing_back(stack: Stack, cloud: Cloud) -> None:
    def deliver() -> list[str]:
        return failures(start_delivery.handler(sqs_event(json.dumps(SUBMISSION), messageId="m1"), Context()))

    deliver()
    forget(stack, ANN, NOW)
    assert deliver() == []
    assert ANN.address not in everything_stored()
    assert stored("m1").status is Status.DISCARDED
    assert list(cloud.executions()) == ["m1"]


def test_the_fake_table_forgets_as_dynamodb_does(cloud: Cloud) -> None:
    for status in Status:
        held = record(status, messageId=status.replace("_", "-"))
        aws.put_record(TABLE, held)
        fake = FakeCloud({held.messageId: held})
        for change in erasures(held.messageId, NOW):
            for table in (fake, aws):
                try:
                    table.change_record(TABLE, change)
                except ConditionFailedError:
                    continue
        assert fake.items[held.messageId] == stored(held.messageId)


def test_a_receipt_says_where_when_and_what_stays() -> None:
    given = Receipt(
        "ann@example.com",
        "2026-11-24T12:00:00.000Z",
        1,
        2,
        3,
        4,
        None,
        suppressed=False,
        mentioned_in=[],
        busy=0,
    )
    told = json.loads(receipt.as_json(given))
    assert (told["address"], told["at"], told["complete"]) == (
        "ann@example.com",
        "2026-11-24T12:00:00.000Z",
        True,
    )
    assert any("owner's mailbox" in text for text in told["not_erased"])
    assert any("35 days" in text for text in told["not_erased"])
