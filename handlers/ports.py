"""What a function needs of the outside: in Lambda handlers.aws and handlers.clock, in tests recording fakes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from handlers.core.change import Change
from handlers.core.mail import Mail
from handlers.core.sweeping import Stuck
from handlers.core.webhook import Answer
from handlers.errors import ConditionFailedError
from schemas.record import MessageRecord, Status
from schemas.workflow import ReviewMessage, WorkflowInput


class Cloud(Protocol):
    """The calls of handlers.aws, with its errors."""

    def put_record(self, table: str, record: MessageRecord) -> None: ...
    def change_record(self, table: str, change: Change) -> MessageRecord: ...
    def get_record(self, table: str, message_id: str) -> MessageRecord | None: ...
    def unchanged_since(self, table: str, status: Status, before: str) -> list[Stuck]: ...
    def put_marker(self, table: str, key: str, expires_at: int) -> bool: ...
    def has_marker(self, table: str, key: str) -> bool: ...
    def count_up(self, table: str, key: str, limit: int, expires_at: int) -> bool: ...
    def start_execution(self, state_machine: str, name: str, workflow_input: WorkflowInput) -> bool: ...
    def queue_review(self, queue_url: str, message: ReviewMessage, delay_seconds: int = 0) -> None: ...
    def publish(self, topic_arn: str, subject: str, text: str, attributes: Mapping[str, str]) -> None: ...
    def send_mail(self, mail: Mail) -> str: ...


class Clock(Protocol):
    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


class Waiting(Protocol):
    """The queue's side of a webhook: handlers.aws."""

    def hide(self, queue_url: str, receipt_handle: str, seconds: int) -> None: ...


class Receiver(Protocol):
    """The other side: handlers.webhook_call."""

    def post(self, url: str, headers: dict[str, str], content: bytes) -> Answer: ...


def first_change(cloud: Cloud, table: str, changes: list[Change]) -> MessageRecord:
    """Make the first change whose condition holds. Raise the last one's ConditionFailedError if none does."""
    *earlier, last = changes
    for change in earlier:
        try:
            return cloud.change_record(table, change)
        except ConditionFailedError:
            continue
    return cloud.change_record(table, last)
