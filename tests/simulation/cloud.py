"""handlers.ports.Cloud and Clock for one invocation: every call gives way to others and may go wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ReadTimeoutError

from handlers.core.change import Change
from handlers.core.mail import Mail
from handlers.core.sweeping import Stuck
from handlers.errors import ConditionFailedError, RecordUnavailableError
from schemas.record import MessageRecord, Status
from schemas.workflow import ReviewMessage, WorkflowInput

if TYPE_CHECKING:
    from tests.simulation.world import World

T = TypeVar("T")
EPOCH = datetime(2026, 11, 1, tzinfo=UTC)
_EPOCH_SECONDS = EPOCH.timestamp()
#: `total_max_attempts` of the SDK for calls that are safe to repeat, see handlers/aws/clients.py
SDK_ATTEMPTS = 3


class CrashError(BaseException):
    """The process is gone. No `except Exception` of the functions sees it."""


class TimedOutError(CrashError):
    """Lambda stopped the function at its time limit."""


@dataclass(frozen=True)
class SimClock:
    world: "World"
    #: seconds that this process's clock is wrong
    skew: float

    def now(self) -> datetime:
        return datetime.fromtimestamp(_EPOCH_SECONDS + self.world.scheduler.now + self.skew, UTC)

    def monotonic(self) -> float:
        return self.world.scheduler.now

    def sleep(self, seconds: float) -> None:
        self.world.scheduler.pause(seconds)


def unread_answer() -> BotoCoreError:
    return ReadTimeoutError(endpoint_url="https://simulated.invalid")


@dataclass(frozen=True)
class SimCloud:
    """What one process has of AWS. Errors are those of handlers.aws."""

    world: "World"
    #: who calls, for the trace
    who: str
    #: when Lambda stops the process
    dies_at: float
    #: which of its function's execution environments it runs in
    environment: int

    def put_record(self, table: str, record: MessageRecord) -> None:
        self._on_record(lambda: self.world.table.put_record(table, record), f"put {record.messageId}")

    def change_record(self, table: str, change: Change) -> MessageRecord:
        if self.world.variant.unconditional:
            change = replace(change, allowed=tuple(Status), equals={}, equals_if_present={})
        if self.world.variant.any_attempt and change.equals_if_present:
            change = replace(change, equals={})
        what = f"change {change.message_id} {change.sets.get('status', '')}"
        return self._on_record(lambda: self.world.table.change_record(table, change), what)

    def get_record(self, table: str, message_id: str) -> MessageRecord | None:
        return self._call(lambda: self.world.table.get_record(table, message_id), f"get {message_id}")

    def unchanged_since(self, table: str, status: Status, before: str) -> list[Stuck]:
        return self._call(lambda: self.world.table.unchanged_since(table, status, before), f"query {status}")

    def put_marker(self, table: str, key: str, expires_at: int) -> bool:
        return self._call(lambda: self.world.table.put_marker(table, key, expires_at), f"mark {key}")

    def has_marker(self, table: str, key: str) -> bool:
        return self._call(lambda: self.world.table.has_marker(table, key), f"look for {key}")

    def count_up(self, table: str, key: str, limit: int, expires_at: int) -> bool:
        return self._on_record(
            lambda: self.world.table.count_up(table, key, limit, expires_at), f"count {key}"
        )

    def start_execution(self, state_machine: str, name: str, workflow_input: WorkflowInput) -> bool:
        return self._call(lambda: self.world.executions.start(name, workflow_input), f"start {name}")

    def queue_review(self, queue_url: str, message: ReviewMessage, delay_seconds: int = 0) -> None:
        body = message.model_dump_json()
        self._call(lambda: self.world.review.put(body), f"review {message.messageId}")

    def publish(self, topic_arn: str, subject: str, text: str, attributes: Mapping[str, str]) -> None:
        self._call(lambda: self.world.table.publish(topic_arn, subject, text, attributes), "publish")

    def send_mail(self, mail: Mail) -> str:
        self.step()
        ses_message_id = self.world.ses.send(mail, self)
        self._return()
        return ses_message_id

    def step(self) -> None:
        """Time passes, others run, and this process may be gone when it would go on."""
        world = self.world
        chance, faults = world.chance, world.faults
        seconds = 0.002 + chance() * 0.05
        if chance() < faults.stall:
            seconds += chance() * 20
        world.scheduler.pause(seconds)
        if world.scheduler.now > self.dies_at:
            world.tell(f"{self.who} is stopped at its time limit")
            raise TimedOutError
        if chance() < faults.crash:
            world.tell(f"{self.who} crashes")
            raise CrashError

    def _return(self) -> None:
        """The answer reaches its caller: late enough for others, or at once."""
        if self.world.chance() < 0.5:
            self.step()
        elif self.world.chance() < self.world.faults.crash:
            self.world.tell(f"{self.who} crashes")
            raise CrashError

    def _on_record(self, effect: Callable[[], T], what: str) -> T:
        try:
            return self._call(effect, what)
        except BotoCoreError as error:
            raise RecordUnavailableError(type(error).__name__) from None

    def _call(self, effect: Callable[[], T], what: str) -> T:
        """As the SDK does: a refused or unread call is repeated, with whatever its first effect left behind."""
        world = self.world
        for _ in range(SDK_ATTEMPTS):
            self.step()
            if world.chance() < world.faults.throttle:
                world.tell(f"{self.who}: {what}: throttled")
                continue
            refused: ConditionFailedError | None = None
            try:
                result = effect()
            except ConditionFailedError as error:
                refused = error
            world.tell(f"{self.who}: {what}{': refused' if refused else ''}")
            if world.chance() < world.faults.lost_reply:
                world.tell(f"{self.who}: {what}: the answer is lost")
                continue
            self._return()
            if refused:
                raise refused
            return result
        raise unread_answer()
