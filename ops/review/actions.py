"""An operator's action: intended → changed → carried out → done. Each step may be repeated, by anybody.

The audit row comes first and holds the whole action, so whoever finds one that is not done can finish it. The
change is one conditional write on the version that the operator saw; its timeline key is the action's id, which
tells "this action happened already" from "somebody else was first". An execution's name is taken for 90 days,
so starting it again starts nothing: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import ValidationError

from handlers.core import acceptance, times
from handlers.core.change import Change
from handlers.core.intake import POISON_EVENT
from handlers.errors import ConditionFailedError
from ops.forms import Target
from ops.review.audit import Row, State, Verb, Version, expires_at
from schemas.record import MessageRecord, Status, TimelineEvent
from schemas.submission import Submission

#: What a new attempt must not find; as handlers.core.acceptance.redrive.
_OF_THE_LAST_ATTEMPT = ("sesMessageId", "claim", "claimedAt", "sentAt", "settledAt")
_SENDS = (Verb.RETRY, Verb.DELIVER)
#: SES had the mail, and its recipient has not got it or does not want it; another address may.
UNDELIVERED = (
    Status.SOFT_BOUNCED,
    Status.REJECTED,
    Status.SUPPRESSED,
    Status.BOUNCED,
    Status.COMPLAINED,
)
_CLOSES = {Verb.RESOLVE: "resolved", Verb.DISCARD: "discarded"}


class NotAllowedError(Exception):
    """The message is not in a state for this action. The text says why."""


class Ledger(Protocol):
    """The table, the state machine and the queues, in AWS or in memory."""

    def put_audit(self, row: Row) -> Row | None:
        """The row that was there already, if one was; then nothing is written."""

    def complete_audit(self, action_id: str, state: State, at: str) -> None:
        """Only if it is still intended."""

    def get(self, message_id: str) -> MessageRecord | None: ...
    def change(self, change: Change) -> MessageRecord:
        """The record after the change. Raise ConditionFailedError."""

    def start(self, message_id: str, name: str) -> None:
        """Start the execution `name` unless there is or was one."""

    def queue_review(self, message_id: str, reason: str) -> None: ...
    def queue_event(self, body: str) -> None: ...
    def now(self) -> datetime: ...


@dataclass(frozen=True)
class Intent:
    """Who does what, why, and under which id; the same id never acts twice."""

    action_id: str
    verb: Verb
    actor: str
    why: str = ""
    subject: str = ""
    #: an address to send it to; empty: the one that it would go to anyway
    to: str = ""


def plan(
    record: MessageRecord,
    intent: Intent,
    now: datetime,
    *,
    undone: Row | None = None,
    target: Target | None = None,
) -> Row:
    """The audit row of an action on the record as seen. Raise NotAllowedError.

    UNDO needs the row it undoes; `target` is what the intent's address is to the message.
    """
    before = Version(
        status=record.status,
        updatedAt=record.updatedAt,
        replays=record.replays,
        reason=record.reason,
        form=record.form,
        recipient=record.recipient,
    )
    if intent.verb in (*_SENDS, Verb.UNDO) and not record.submission:
        raise NotAllowedError("what the visitor sent is gone: it was forgotten")
    if intent.subject:
        _with_subject(record, intent.subject)
    at = times.iso(now)
    return Row(
        actionId=intent.action_id,
        verb=intent.verb,
        target=record.messageId,
        actor=intent.actor,
        at=at,
        why=intent.why,
        before=before,
        after=_after(before, intent.verb, at, undone, target),
        subject=intent.subject,
        edited=bool(intent.subject),
        expiresAt=expires_at(now),
    )


def _after(before: Version, verb: Verb, at: str, undone: Row | None, target: Target | None) -> Version:
    if verb is Verb.UNDO:
        if before.status is not Status.DISCARDED or undone is None or undone.before is None:
            raise NotAllowedError(
                f"its status is {before.status}; only a resolved or discarded message can come back"
            )
        return undone.before.model_copy(update={"updatedAt": at, "replays": before.replays})
    again = verb is Verb.RETRY and before.status in UNDELIVERED
    if again and target is None:
        raise NotAllowedError(f"its status is {before.status}: say --to which address it shall go")
    if before.status is not Status.REVIEW and not again:
        raise NotAllowedError(f"its status is {before.status}, not review")
    if verb in _CLOSES:
        return before.model_copy(
            update={"status": Status.DISCARDED, "updatedAt": at, "reason": _CLOSES[verb]}
        )
    if before.reason == POISON_EVENT:
        # An event is nothing to send: it goes back to EventsQueue, and its record is closed.
        closed = {"status": Status.DISCARDED, "updatedAt": at, "reason": "event_requeued"}
        return before.model_copy(update=closed)
    to = target or Target(before.form, before.recipient)
    return Version(
        status=Status.QUEUED,
        updatedAt=at,
        replays=before.replays + 1,
        reason="",
        form=to.form,
        recipient=to.recipient,
    )


def timeline_key(action_id: str) -> str:
    return f"operator-{action_id}"


def change_of(row: Row, record: MessageRecord | None) -> Change:
    """The row's change; the same row always gives the same one. `record` is looked at for an edited subject."""
    if row.before is None or row.after is None:
        raise NotAllowedError(f"{row.verb} changes no message")
    # A row written before there were forms says nothing of them, and changes nothing of them.
    sets = row.after.model_dump(exclude_unset=True)
    if row.subject and record:
        sets["submission"] = _with_subject(record, row.subject)
    return Change(
        row.target,
        allowed=(row.before.status,),
        equals={"updatedAt": row.before.updatedAt, "replays": row.before.replays},
        sets=sets,
        removes=_OF_THE_LAST_ATTEMPT if row.after.status is Status.QUEUED else (),
        event=(timeline_key(row.actionId), TimelineEvent(kind=row.verb, at=row.at, detail=row.why[:200])),
    )


def _with_subject(record: MessageRecord, subject: str) -> str:
    """The submission under another subject, by the rules that visitors' subjects obey."""
    try:
        sent = Submission.model_validate_json(record.submission)
        edited = Submission.model_validate(sent.model_dump() | {"subject": subject})
    except ValidationError:
        raise NotAllowedError(
            "the new subject, or the message itself, is not what a visitor may send"
        ) from None
    return edited.model_dump_json(exclude_defaults=True)


def steps(ledger: Ledger, row: Row) -> Generator[State]:
    """Carry the action out, or on; each value but the last is a point where a crash may come."""
    there = ledger.put_audit(row)
    if there and there.state is not State.INTENDED:
        yield there.state
        return
    row = there or row
    yield State.INTENDED
    now_is = _change(ledger, row)
    yield State.INTENDED
    if now_is:
        _carry_out(ledger, row, now_is)
        yield State.INTENDED
    state = State.DONE if now_is else State.REFUSED
    ledger.complete_audit(row.actionId, state, times.iso(ledger.now()))
    yield state


def perform(ledger: Ledger, row: Row) -> State:
    *_, last = steps(ledger, row)
    return last


def _change(ledger: Ledger, row: Row) -> MessageRecord | None:
    """The record with the change in it, whoever made it; None: somebody else was first."""
    seen = ledger.get(row.target) if row.subject else None
    try:
        return ledger.change(change_of(row, seen))
    except ConditionFailedError as refused:
        happened = refused.record is not None and timeline_key(row.actionId) in refused.record.events
        return refused.record if happened else None


def _carry_out(ledger: Ledger, row: Row, record: MessageRecord) -> None:
    """What the change calls for, unless the message has moved on since."""
    if record.status is Status.QUEUED and row.after and record.replays == row.after.replays:
        ledger.start(record.messageId, acceptance.execution_name(record.messageId, record.replays))
    elif row.verb is Verb.UNDO and record.status is Status.REVIEW:
        ledger.queue_review(record.messageId, record.reason)
    elif row.verb in _SENDS and record.reason == "event_requeued":
        ledger.queue_event(record.submission)
