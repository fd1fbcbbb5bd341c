"""Reconciles ReviewQueue with the records: index what has none, remove what nobody needs any more."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import ValidationError

from handlers.core import acceptance, intake, strict_json, times
from handlers.core.change import Change
from handlers.core.delivery import ACCEPTED_BY_SES, SETTLED
from handlers.core.intake import POISON_EVENT, Accepted, Redriven
from handlers.core.screening import Rules
from handlers.errors import ConditionFailedError
from ops.review.index import POISON_INTAKE
from ops.review.queue import Received, ReviewQueue
from ops.review.table import Table
from schemas.intake import IntakeAttributes
from schemas.record import MessageRecord, Status, TimelineEvent

#: Whatever a poison message holds, a person decides; so nothing else is a reason.
_NO_RULES = Rules(
    minimum_fill_milliseconds=0,
    require_proof_of_work=False,
    allowed_origin="",
    content_score_limit=0,
    form_origins=None,
)


@dataclass
class Swept:
    """Message ids by what became of them; `kept` counts what stays in the queue."""

    indexed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: int = 0


@dataclass(frozen=True)
class Sweep:
    """One pass over the queue. Running it again, or twice at once, does nothing twice."""

    queue: ReviewQueue
    table: Table
    retention_days: int
    now: datetime
    dry_run: bool

    def run(self) -> Swept:
        swept = Swept()
        with self.queue.browsing() as messages:
            for message in messages:
                self._one(message, swept)
        return swept

    def _one(self, message: Received, swept: Swept) -> None:
        found = identify(message, self.retention_days, self.now)
        if isinstance(found, str):
            record = self.table.get(found) or self.table.get(acceptance.message_of(found))
        else:
            record, new = self._indexed(found)
            if new:
                swept.indexed.append(record.messageId if record else found.messageId)
        if record is None or not is_closed(record, message, raw=isinstance(found, MessageRecord)):
            swept.kept += 1
            return
        swept.removed.append(record.messageId)
        if not self.dry_run:
            self.queue.delete(message)

    def _indexed(self, wanted: MessageRecord) -> tuple[MessageRecord | None, bool]:
        """The record as it is now, and whether this pass put it there or moved it to review."""
        if self.dry_run:
            there = self.table.get(wanted.messageId)
            return there, there is None
        return index(self.table, wanted, self.now)


def identify(message: Received, retention_days: int, now: datetime) -> MessageRecord | str:
    """The id that a review item names, or the record that a message moved here by SQS should have."""
    if _is_event(message):
        return _event_record(message, retention_days, now)
    try:
        attributes = IntakeAttributes.model_validate(message.attributes)
    except ValidationError:
        attributes = IntakeAttributes.model_validate(message.attributes | {"receivedAt": ""})
    match intake.read(message.body, attributes, _NO_RULES, message.sent_at):
        case Redriven(message_id):
            return message_id
        case Accepted() as accepted:
            held = replace(accepted, hold_reason=accepted.hold_reason or POISON_INTAKE)
            return acceptance.record(held, retention_days, now)


def index(table: Table, record: MessageRecord, now: datetime) -> tuple[MessageRecord, bool]:
    """Put the record, or move the one that is there to review if its delivery never began.

    Return what is there now, and whether this call made it so.
    """
    try:
        table.put(record)
    except ConditionFailedError as refused:
        if refused.record is None:
            raise
        there = refused.record
    else:
        return record, True
    if there.contentHash not in ("", record.contentHash):
        second = intake.second_id(record.messageId, record.contentHash)
        return index(table, record.model_copy(update={"messageId": second}), now)
    return _unstarted_to_review(table, there, now)


def _unstarted_to_review(table: Table, there: MessageRecord, now: datetime) -> tuple[MessageRecord, bool]:
    if there.status is not Status.QUEUED or there.attempts or there.replays:
        return there, False
    moment = times.iso(now)
    change = Change(
        there.messageId,
        allowed=(Status.QUEUED,),
        equals={"updatedAt": there.updatedAt},
        sets={"status": Status.REVIEW, "reason": POISON_INTAKE, "updatedAt": moment},
        event=(f"review-{moment}", TimelineEvent(kind="review", at=moment, detail=POISON_INTAKE)),
    )
    try:
        return table.change(change), True
    except ConditionFailedError as refused:
        return refused.record or there, False


def is_closed(record: MessageRecord, message: Received, *, raw: bool) -> bool:
    """Nobody needs the message any more.

    The sweeper queues an item just before it changes the record: an item younger than the record's last change
    is not one of those. A raw message holds what was sent, so it stays until the mail is out or given up.
    """
    if raw:
        return record.status in SETTLED | ACCEPTED_BY_SES
    return record.status is not Status.REVIEW and times.parse(record.updatedAt) > message.sent_at


def _is_event(message: Received) -> bool:
    """What came over the gateway has its attributes; an SES event, delivered raw, has none."""
    if message.source:
        return message.source.endswith("-events")
    try:
        document = strict_json.loads(message.body)
    except strict_json.NotStrictJsonError:
        return False
    return "receivedAt" not in message.attributes and ("eventType" in document or "Type" in document)


def _event_record(message: Received, retention_days: int, now: datetime) -> MessageRecord:
    """By SQS's id, which a move to a dead-letter queue keeps: an event that comes back later is another record."""
    moment = times.iso(message.sent_at)
    accepted = Accepted(
        message_id=f"event-{message.sqs_id}",
        accepted_at=message.sent_at,
        content_hash=hashlib.sha256(message.body.encode(errors="replace")).hexdigest(),
        body=message.body.encode(errors="replace").decode(),
        sender="",
        hold_reason=POISON_EVENT,
    )
    record = acceptance.record(accepted, retention_days, now)
    return record.model_copy(update={"acceptedAt": moment})
