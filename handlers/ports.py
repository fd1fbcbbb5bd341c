"""What a function needs of the outside: in Lambda handlers.aws and handlers.clock, in tests recording fakes."""

from datetime import datetime
from typing import Protocol

from handlers.core.change import Change
from handlers.core.mail import Mail
from handlers.errors import ConditionFailedError
from schemas.record import MessageRecord
from schemas.workflow import ReviewMessage, WorkflowInput


class Cloud(Protocol):
    """The calls of handlers.aws, with its errors."""

    def put_record(self, table: str, record: MessageRecord) -> None: ...
    def change_record(self, table: str, change: Change) -> MessageRecord: ...
    def get_record(self, table: str, message_id: str) -> MessageRecord | None: ...
    def put_marker(self, table: str, key: str, expires_at: int) -> bool: ...
    def has_marker(self, table: str, key: str) -> bool: ...
    def start_execution(self, state_machine: str, name: str, workflow_input: WorkflowInput) -> bool: ...
    def queue_review(self, queue_url: str, message: ReviewMessage) -> None: ...
    def publish(self, topic_arn: str, subject: str, text: str) -> None: ...
    def send_mail(self, mail: Mail) -> str: ...


class Clock(Protocol):
    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...
    def sleep(self, seconds: float) -> None: ...


def first_change(cloud: Cloud, table: str, changes: list[Change]) -> MessageRecord:
    """Make the first change whose condition holds. Raise the last one's ConditionFailedError if none does."""
    *earlier, last = changes
    for change in earlier:
        try:
            return cloud.change_record(table, change)
        except ConditionFailedError:
            continue
    return cloud.change_record(table, last)
