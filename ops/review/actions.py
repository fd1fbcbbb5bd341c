"""An operator's action: intended → changed → carried out → done. Each step may be repeated, by anybody.

The audit row comes first and holds the whole action, so whoever finds one that is not done can finish it. The
change is one conditional write on the version that the operator saw; its timeline key is the action's id, which
tells "this action happened already" from "somebody else was first". An execution's name is taken for 90 days,
so starting it again starts nothing: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from collections.abc import Generator
from datetime import datetime
from typing import Protocol

from handlers.core import acceptance, times
from handlers.core.change import Change
from handlers.errors import ConditionFailedError
from ops.review.audit import Row, State, Verb
from ops.review.planning import SENDS, change_of, timeline_key
from schemas.record import MessageRecord, Status


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
    elif row.verb in SENDS and record.reason == "event_requeued":
        ledger.queue_event(record.submission)
