"""What must hold once everything has come to rest. Each check yields a sentence per violation."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.record import MessageRecord, Status

if TYPE_CHECKING:
    from tests.simulation.world import World

_MARK = re.compile(r"mark-\d{5}")
# As StartDelivery, the sweeper, ManualReview and EventBridge write it; a redriven one may come back as a dead letter.
_ITEM = re.compile(r'\{"messageId": ?"([^"]+)", ?"reason"')
_END = {
    Status.REVIEW,
    Status.SOFT_BOUNCED,
    Status.DELIVERED,
    Status.REJECTED,
    Status.SUPPRESSED,
    Status.BOUNCED,
    Status.COMPLAINED,
    Status.DISCARDED,
}
#: From low to high, and on purpose not read from handlers/core/delivery.py.
_RISING = (
    ("Send", Status.SENT),
    ("DeliveryDelay", Status.DELAYED),
    ("Transient", Status.SOFT_BOUNCED),
    ("Delivery", Status.DELIVERED),
    ("Reject", Status.REJECTED),
    ("Suppressed", Status.SUPPRESSED),
    ("Bounce", Status.BOUNCED),
    ("Complaint", Status.COMPLAINED),
)


def violations(world: "World") -> list[str]:
    held: dict[str, list[MessageRecord]] = {}
    for record in world.table.items.values():
        for mark in set(_MARK.findall(record.submission)):
            held.setdefault(mark, []).append(record)
    return [
        *_nothing_lost(world, held),
        *_nothing_invented(world, held),
        *_nothing_twice(world),
        *_at_rest(world),
        *_as_ses_told(world),
        *_to_its_recipient(world),
    ]


def _nothing_lost(world: "World", held: dict[str, list[MessageRecord]]) -> Iterator[str]:
    unread = {mark for item in world.review.messages for mark in _MARK.findall(item.body)}
    for mark in sorted(world.visitors.accepted):
        records = held.get(mark, [])
        if not records and mark not in unread:
            yield f"lost: {mark} was accepted and is nowhere"
        if len(records) > 1:
            yield f"twice: {mark} has the records {[one.messageId for one in records]}"


def _nothing_invented(world: "World", held: dict[str, list[MessageRecord]]) -> Iterator[str]:
    for mark in sorted(held.keys() - world.visitors.stored):
        yield f"invented: {mark} was never posted"
    for record in world.table.items.values():
        if not _MARK.search(record.submission):
            yield f"invented: the record {record.messageId} holds no message of anybody"


def _nothing_twice(world: "World") -> Iterator[str]:
    by_send = Counter((mail.tags["messageId"], mail.tags["replay"]) for mail in world.ses.accepted)
    for (message_id, replay), count in by_send.items():
        if count > 1:
            yield f"duplicate: SES accepted {count} mails for {message_id}, replay {replay}"
    by_mark = Counter(mark for mail in world.ses.accepted for mark in set(_MARK.findall(mail.text)))
    replays = {
        mark: record.replays
        for record in world.table.items.values()
        for mark in _MARK.findall(record.submission)
    }
    for mark, count in by_mark.items():
        if count > 1 + replays.get(mark, 0):
            yield f"duplicate: SES accepted {count} mails with the text of {mark}"


def _at_rest(world: "World") -> Iterator[str]:
    items = (_ITEM.match(item.body) for item in world.review.messages)
    waiting = {_message_of(item[1]) for item in items if item}
    unread = {mark for item in world.review.messages for mark in _MARK.findall(item.body)}
    for record in world.table.items.values():
        if record.status not in _END:
            yield f"stuck: {record.messageId} is {record.status}"
        here = record.messageId in waiting or set(_MARK.findall(record.submission)) & unread
        if record.status is Status.REVIEW and not here:
            yield f"unseen: {record.messageId} is in review and not in the review queue"
    for message_id in sorted(waiting):
        if message_id not in world.table.items:
            yield f"nameless: the review item {message_id} has no record"
    if world.swept:
        yield f"restless: a second sweep moved {world.swept}"


def _message_of(name: str) -> str:
    """EventBridge tells of an execution by its name: `<id>-r<n>` for a replay."""
    return re.sub(r"-r\d+$", "", name)


def _to_its_recipient(world: "World") -> Iterator[str]:
    for mail in world.ses.accepted:
        record = world.table.items[mail.tags["messageId"]]
        address = "boss@example.com" if record.recipient else "owner@example.com"
        if mail.tags["replay"] == str(record.replays) and mail.recipient != address:
            yield f"astray: {record.messageId} is for {address} and went to {mail.recipient}"


def _as_ses_told(world: "World") -> Iterator[str]:
    """A status after the send is what SES's events say, whatever their order, and never without a mail."""
    unread = [item.body for item in world.review.messages if item.source is world.events]
    sent = {(mail.tags["messageId"], mail.tags["replay"]) for mail in world.ses.accepted}
    for record in world.table.items.values():
        key = (record.messageId, str(record.replays))
        if record.status not in (Status.REVIEW, Status.DISCARDED) and key not in sent:
            yield f"wrong: {record.messageId} is {record.status} and SES has no mail"
        told = world.ses.told.get(key, [])
        if record.status is Status.DISCARDED or any(record.messageId in body for body in unread):
            continue
        [*_, highest] = [None, *(status for name, status in _RISING if name in told)]
        if highest in _END and record.status is not highest:
            yield f"wrong: {record.messageId} is {record.status}, and SES told {told}"
