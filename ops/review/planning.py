"""What an operator's action will change: the audit row, and the one conditional write that it describes."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from handlers.core import times
from handlers.core.change import Change
from handlers.core.intake import POISON_EVENT
from ops.forms import Target
from ops.review.audit import Row, Verb, Version, expires_at
from schemas.record import MessageRecord, Status, TimelineEvent
from schemas.submission import Submission

#: What a new attempt must not find; as handlers.core.acceptance.redrive.
_OF_THE_LAST_ATTEMPT = ("sesMessageId", "claim", "claimedAt", "sentAt", "settledAt")
SENDS = (Verb.RETRY, Verb.DELIVER)
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
    if intent.verb in (*SENDS, Verb.UNDO) and not record.submission:
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
