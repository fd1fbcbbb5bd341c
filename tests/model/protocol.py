"""The send protocol as a graph: every state is a value, every step a real Change of handlers/core.

Small on purpose: some workers, some messages, a few faults, but all their interleavings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

from handlers.core import acceptance, delivery, sending
from handlers.core.change import Change
from handlers.errors import (
    ConditionFailedError,
    ContactFlowError,
    OutcomeUnknownError,
    OutcomeUnresolvedError,
    PermanentSendError,
    TransientSendError,
)
from handlers.ports import first_change
from schemas.record import MessageRecord, Status
from schemas.ses_event import SES_EVENT
from tests.fakes import ses_events
from tests.fakes.cloud import FakeCloud
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
DEADLINE = 900
#: What a worker does next; "" is a worker without work.
IDLE, CLAIM, ASK, WRITE_SENT, WRITE_FAILED = "", "claim", "ask", "write_sent", "write_failed"
_ERRORS: dict[str, ContactFlowError] = {
    "transient": TransientSendError("TooManyRequestsException"),
    "permanent": PermanentSendError("MessageRejected"),
    "unknown": OutcomeUnknownError("ReadTimeoutError"),
}


class Worker(NamedTuple):
    does: str = IDLE
    message: int = 0
    #: the claim's token: the how-manieth claim it is, so that interleavings that differ in names only are one
    token: int = 0
    #: whether the execution still waits for it
    watched: bool = True
    replay: int = 0
    outcome: str = ""


class Message(NamedTuple):
    #: index of the record in the table of all records seen
    record: int
    #: where its execution stands: ready (SendEmail is due), busy, waiting (AwaitOutcome), failing (RecordReview), over
    execution: str = "ready"
    late: bool = False
    #: how many mails SES accepted for (replay 0, replay 1)
    accepted: tuple[int, ...] = (0, 0)
    #: events under way: (kind, replay)
    events: frozenset[tuple[str, int]] = frozenset()
    #: how many claims have held
    claims: int = 0


class State(NamedTuple):
    messages: tuple[Message, ...]
    workers: tuple[Worker, ...]
    faults: int


class Table:
    """Records by number, and what each change makes of each: computed once, by the real expressions' twin."""

    def __init__(self) -> None:
        self.records: list[MessageRecord] = []
        self._numbers: dict[str, int] = {}
        self.changed = cache(self._changed)

    def number(self, one: MessageRecord) -> int:
        key = one.model_dump_json()
        if key not in self._numbers:
            self._numbers[key] = len(self.records)
            self.records.append(one)
        return self._numbers[key]

    def _changed(self, number: int, what: tuple[str | int, ...]) -> int | None:
        """The record's number after the first of the changes that holds; None: none holds."""
        before = self.records[number]
        cloud = FakeCloud({before.messageId: before})
        try:
            return self.number(first_change(cloud, "messages", _changes(before, what)))
        except ConditionFailedError:
            return None


def _changes(before: MessageRecord, what: tuple[str | int, ...]) -> list[Change]:
    match what:
        case ("claim", int(token)):
            return [sending.claim("m1", str(token), NOW)]
        case ("sent", int(token), int(replay)):
            return sending.sent("m1", str(token), f"ses-{replay}", NOW)
        case ("failed", int(token), str(outcome)):
            return [sending.failed("m1", str(token), _ERRORS[outcome], NOW)]
        case ("event", str(kind), int(replay)):
            event = SES_EVENT.validate_python(ses_events.event(kind, messageId=f"ses-{replay}"))
            return delivery.changes(event, "m1", replay, "2026-11-24T10:00:05.000Z")
        case ("redrive",):
            return [acceptance.redrive(before, NOW)]
        case ("review",):
            # RecordReview of statemachine/delivery.asl.json.
            allowed = (Status.QUEUED, Status.SENDING, Status.OUTCOME_UNKNOWN, Status.REVIEW)
            return [Change("m1", allowed=allowed, sets={"status": Status.REVIEW})]
    raise AssertionError(what)


@dataclass(frozen=True)
class Protocol:
    table: Table
    #: how often the SDK asks SES when it reads no answer; handlers/aws/clients.py has 1
    attempts: int = 1
    #: whether writes look at their conditions
    conditional: bool = True

    def first(self, messages: int, workers: int, faults: int) -> State:
        one = Message(self.table.number(record(Status.QUEUED)))
        return State((one,) * messages, (Worker(),) * workers, faults)

    def steps(self, state: State) -> Iterator[State]:
        for number, message in enumerate(state.messages):
            for changed, spent in self._of_message(message):
                yield _with_message(state, number, changed, spent)
            yield from self._taken_up(state, number)
        for number, worker in enumerate(state.workers):
            if worker.does:
                for does, changed, spent in self._of_worker(worker, state.messages[worker.message]):
                    after = _with_message(state, worker.message, changed, spent)
                    yield _with_worker(after, number, does)

    def at_rest(self, state: State) -> bool:
        return all(
            message.execution == "over" and self.status(message) not in _IN_TRANSIT
            for message in state.messages
        ) and not any(worker.does for worker in state.workers)

    def status(self, message: Message) -> Status:
        return self.table.records[message.record].status

    def _taken_up(self, state: State, number: int) -> Iterator[State]:
        """An idle worker takes a due task up; a duplicated task stays due, which costs a fault."""
        message = state.messages[number]
        if message.execution != "ready" or Worker() not in state.workers:
            return
        idle = state.workers.index(Worker())
        for execution, spent in (("busy", 0), ("ready", 1)):
            worker = Worker(CLAIM, number, watched=execution == "busy")
            taken = message._replace(execution=execution)
            yield _with_worker(_with_message(state, number, taken, spent), idle, worker)

    def _of_message(self, message: Message) -> Iterator[tuple[Message, int]]:
        """(message after, faults spent) for what happens without a worker."""
        for kind, replay in sorted(message.events):
            told = self._write(message, "event", kind, replay)
            yield (told or message)._replace(events=message.events - {(kind, replay)}), 0
            if told:
                yield told, 1  # SES tells it twice
        if message.execution == "waiting":
            yield message._replace(execution="ready"), 0
            yield message._replace(execution="ready", late=True), 0
        if message.execution == "failing":
            yield (self._write(message, "review") or message)._replace(execution="over"), 0
        if message.execution == "over" and self.table.records[message.record].replays == 0:
            redriven = self._write(message, "redrive")
            if redriven:
                yield redriven._replace(execution="ready", late=False), 0

    def _of_worker(self, worker: Worker, message: Message) -> Iterator[tuple[Worker, Message, int]]:
        match worker.does:
            case "claim":
                yield from self._claim(worker, message)
            case "ask":
                yield from self._ask(worker, message)
            case "write_sent":
                written = self._write(message, "sent", worker.token, worker.replay) or message
                yield Worker(), _ended(written, worker, "over"), 0
                yield Worker(), _ended(written, worker, "waiting"), 1  # done, and the answer is lost
            case "write_failed":
                written = self._write(message, "failed", worker.token, worker.outcome) or message
                goes_on = {"transient": "ready", "permanent": "failing", "unknown": "waiting"}[worker.outcome]
                yield Worker(), _ended(written, worker, goes_on), 0
        # It crashes before its step; Step Functions sees Lambda.Unknown or a timeout and waits for the outcome.
        yield Worker(), _ended(message, worker, "waiting"), 1

    def _claim(self, worker: Worker, message: Message) -> Iterator[tuple[Worker, Message, int]]:
        claimed = self._write(message, "claim", message.claims)
        if claimed:
            claimed = claimed._replace(claims=message.claims + 1)
            replay = self.table.records[claimed.record].replays
            asks = worker._replace(does=ASK, token=message.claims, replay=replay)
            yield asks, claimed, 0
            # The write is done and its answer lost: RecordUnavailableError, tried again soon.
            yield Worker(), _ended(claimed, worker, "ready"), 1
            return
        now = NOW + timedelta(seconds=DEADLINE if message.late else 0)
        try:
            sending.without_claim(self.table.records[message.record], DEADLINE, now)
        except OutcomeUnknownError:
            yield Worker(), _ended(message, worker, "waiting"), 0
        except OutcomeUnresolvedError:
            yield Worker(), _ended(message, worker, "failing"), 0
        else:
            yield Worker(), _ended(message, worker, "over"), 0

    def _ask(self, worker: Worker, message: Message) -> Iterator[tuple[Worker, Message, int]]:
        for outcome in ("transient", "permanent", "unknown"):
            # Throttled, refused, or a 5xx that took nothing.
            yield worker._replace(does=WRITE_FAILED, outcome=outcome), message, 1
        taken = _accepted(message, worker.replay)
        yield worker._replace(does=WRITE_SENT), taken, 0
        for _ in range(self.attempts - 1):
            taken = _accepted(taken, worker.replay)
        yield worker._replace(does=WRITE_FAILED, outcome="unknown"), taken, 1

    def _write(self, message: Message, *what: str | int) -> Message | None:
        number = message.record
        if not self.conditional and what[0] == "claim":
            open_again = self.table.records[number].model_copy(update={"status": Status.QUEUED})
            number = self.table.number(open_again)
        after = self.table.changed(number, what)
        return None if after is None else message._replace(record=after)


_IN_TRANSIT = (Status.QUEUED, Status.SENDING, Status.OUTCOME_UNKNOWN)


def _accepted(message: Message, replay: int) -> Message:
    counts = tuple(count + (number == replay) for number, count in enumerate(message.accepted))
    return message._replace(accepted=counts, events=message.events | {("Send", replay), ("Delivery", replay)})


def _ended(message: Message, worker: Worker, execution: str) -> Message:
    """The execution hears only of the task that it waits for; one that it lost sight of tells nobody."""
    return message._replace(execution=execution) if worker.watched else message


def _with_message(state: State, number: int, message: Message, spent: int) -> State:
    messages = (*state.messages[:number], message, *state.messages[number + 1 :])
    return state._replace(messages=messages, faults=state.faults - spent)


def _with_worker(state: State, number: int, worker: Worker) -> State:
    return state._replace(workers=(*state.workers[:number], worker, *state.workers[number + 1 :]))
