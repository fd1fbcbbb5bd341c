"""`contactflow forget`: erases one person wherever ContactFlow keeps anything, and says what it cannot erase.

A record loses the message and its hash and keeps its id, status and timeline, so that the books still balance;
what was not sent yet becomes discarded. In this order a run that was cut short can be repeated: what names the
other parts, the record, goes last. https://gdpr-info.eu/art-17-gdpr/
"""

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeSerializer
from botocore.exceptions import ClientError
from pydantic import ValidationError

from handlers.core import times
from handlers.core.caps import address_hash
from handlers.core.change import Change, expression
from ops.deployment import Deployment
from ops.person import Person, Relation
from ops.receipt import Receipt
from ops.sift import sift
from schemas.record import Status, TimelineEvent, record_key
from schemas.workflow import ReviewMessage

_to_dynamodb = TypeSerializer().serialize
#: the sort key of what an operator did and why, see ops/review/audit.py
AUDIT = "AUDIT"
_UNSENT = (Status.QUEUED, Status.REVIEW)


@dataclass(frozen=True)
class _Found:
    """What the table has: whole items' keys for markers, message ids for records."""

    theirs: dict[str, Status]
    mentions: list[str]
    keys: list[dict[str, Any]]


def forget(deployment: Deployment, person: Person, now: datetime) -> Receipt:
    """Repeatable: a second run finds nothing. Raises ClientError and BotoCoreError; then run it again."""
    suppressed = _is_suppressed(deployment.client("sesv2"), person)
    sqs, outputs = deployment.client("sqs"), deployment.outputs
    intake = sift(sqs, outputs["IntakeQueueUrl"], lambda body: person.relation(body) is Relation.THEIRS)
    found = _look(deployment, person)
    held = {message_id for message_id, status in found.theirs.items() if status in _UNSENT}
    review = sift(
        sqs,
        outputs["ReviewQueueUrl"],
        lambda body: _item_of(body) in held or person.relation(body) is Relation.THEIRS,
    )
    mails = _erase_mails(deployment.mailbox, person) if deployment.mailbox else None
    table, dynamodb = outputs["MessagesTableName"], deployment.client("dynamodb")
    for key in found.keys:
        dynamodb.delete_item(TableName=table, Key=key)
    erased = [_erase_record(dynamodb, table, message_id, now) for message_id in found.theirs]
    return Receipt(
        address=person.address,
        at=times.iso(now),
        intake_queue=intake.taken,
        review_queue=review.taken,
        records=sum(erased),
        counters=len(found.keys),
        mails=mails,
        suppressed=suppressed,
        mentioned_in=sorted(found.mentions),
        busy=intake.busy + review.busy + erased.count(False),
    )


def erasures(message_id: str, now: datetime) -> list[Change]:
    """The writes to try in turn; which one holds depends on whether the message is, or is being, sent."""
    moment = times.iso(now)
    event = ("forgotten", TimelineEvent(kind="forgotten", at=moment))
    empty = {"contentHash": ""}
    unsent = {"status": Status.DISCARDED, "reason": "forgotten", "updatedAt": moment, "settledAt": moment}
    discard = Change(message_id, allowed=_UNSENT, sets=empty | unsent, removes=("submission",), event=event)
    others = tuple(status for status in Status if status not in _UNSENT)
    scrub = Change(message_id, allowed=others, sets=empty, removes=("submission",), event=event)
    # Discard again: a send that SES put off returns to queued in between.
    return [discard, scrub, discard]


def _look(deployment: Deployment, person: Person) -> _Found:
    found = _Found({}, [], [])
    for item in _items(deployment, address_hash(person.address)):
        if item["sk"]["S"] == AUDIT:
            told = " ".join(item[name]["S"] for name in ("subject", "why") if name in item)
            if person.pattern.search(told):
                found.mentions.append(item["pk"]["S"])
            continue
        if "submission" not in item:
            found.keys.append({"pk": item["pk"], "sk": item["sk"]})
            continue
        message_id = item["messageId"]["S"]
        match person.relation(item["submission"]["S"]):
            case Relation.THEIRS:
                found.theirs[message_id] = Status(item["status"]["S"])
            case Relation.MENTIONS:
                found.mentions.append(message_id)
    return found


def _items(deployment: Deployment, person_hash: str) -> Iterator[dict[str, Any]]:
    """Every stored message, the operators' audit, and the person's counters and markers. Reads the whole table."""
    pages = (
        deployment.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=deployment.outputs["MessagesTableName"],
            FilterExpression="attribute_exists(submission) OR contains(pk, :hash) OR sk = :audit",
            ProjectionExpression="pk, sk, messageId, submission, #status, subject, why",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":hash": {"S": person_hash}, ":audit": {"S": AUDIT}},
            ConsistentRead=True,
        )
    )
    for page in pages:
        yield from page["Items"]


def _erase_record(dynamodb: Any, table: str, message_id: str, now: datetime) -> bool:
    """False if the record changed under each attempt."""
    for change in erasures(message_id, now):
        words = expression(change)
        try:
            dynamodb.update_item(
                TableName=table,
                Key=record_key(message_id),
                UpdateExpression=words.update,
                ConditionExpression=words.condition,
                ExpressionAttributeNames=words.names,
                ExpressionAttributeValues={k: _to_dynamodb(v) for k, v in words.values.items()},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        else:
            return True
    return False


def _item_of(body: str) -> str | None:
    """The message id of a review item; None for whatever else SQS moved into the queue."""
    try:
        return ReviewMessage.model_validate_json(body).messageId
    except ValidationError:
        return None


def _is_suppressed(ses: Any, person: Person) -> bool:
    try:
        ses.get_suppressed_destination(EmailAddress=person.address)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
        return False
    return True


def _erase_mails(mailbox: str, person: Person) -> int:
    """The local SES's mails from the person, and acknowledgements to the person."""
    with urllib.request.urlopen(f"{mailbox}/api/messages") as answer:  # noqa: S310 - our own loopback URL
        mails: list[dict[str, Any]] = json.load(answer)
    theirs = [mail["id"] for mail in mails if _is_about(mail, person)]
    for mail_id in theirs:
        order = urllib.request.Request(f"{mailbox}/api/messages/{mail_id}", method="DELETE")  # noqa: S310 - as above
        urllib.request.urlopen(order).close()  # noqa: S310 - as above
    return len(theirs)


def _is_about(mail: dict[str, Any], person: Person) -> bool:
    acknowledged = mail["to"] if mail["tags"].get("kind") == "acknowledgement" else []
    return any(person.has(address) for address in [*mail["replyTo"], *acknowledged])
