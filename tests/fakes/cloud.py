"""MessagesTable and the other calls of handlers.ports.Cloud, in memory; what was asked for is recorded.

tests/contract/test_table.py compares the conditional writes with DynamoDB's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.core.change import Change
from handlers.core.mail import Mail
from handlers.core.sweeping import Stuck
from handlers.errors import ConditionFailedError
from schemas.record import MessageRecord, Status
from schemas.workflow import ReviewMessage, WorkflowInput


@dataclass
class FakeCloud:
    items: dict[str, MessageRecord] = field(default_factory=dict)
    markers: set[str] = field(default_factory=set)
    counters: dict[str, int] = field(default_factory=dict)
    executions: dict[str, WorkflowInput] = field(default_factory=dict)
    reviews: list[ReviewMessage] = field(default_factory=list)
    alerts: list[str] = field(default_factory=list)
    mails: list[Mail] = field(default_factory=list)

    def put_record(self, table: str, record: MessageRecord) -> None:
        if record.messageId in self.items:
            raise ConditionFailedError(self.items[record.messageId])
        self.items[record.messageId] = record

    def change_record(self, table: str, change: Change) -> MessageRecord:
        there = self.items.get(change.message_id)
        if there is None or not _holds(change, there):
            raise ConditionFailedError(there)
        self.items[change.message_id] = _after(change, there)
        return self.items[change.message_id]

    def get_record(self, table: str, message_id: str) -> MessageRecord | None:
        return self.items.get(message_id)

    def unchanged_since(self, table: str, status: Status, before: str) -> list[Stuck]:
        return [
            Stuck(record.messageId, status, record.updatedAt)
            for record in self.items.values()
            if record.status is status and record.updatedAt < before
        ]

    def put_marker(self, table: str, key: str, expires_at: int) -> bool:
        new = key not in self.markers
        self.markers.add(key)
        return new

    def has_marker(self, table: str, key: str) -> bool:
        return key in self.markers

    def count_up(self, table: str, key: str, limit: int, expires_at: int) -> bool:
        counted = self.counters.get(key, 0)
        self.counters[key] = min(counted + 1, limit)
        return counted < limit

    def start_execution(self, state_machine: str, name: str, workflow_input: WorkflowInput) -> bool:
        return self.executions.setdefault(name, workflow_input) is workflow_input

    def queue_review(self, queue_url: str, message: ReviewMessage, delay_seconds: int = 0) -> None:
        self.reviews.append(message)

    def publish(self, topic_arn: str, subject: str, text: str, attributes: Mapping[str, str]) -> None:
        self.alerts.append(text)

    def send_mail(self, mail: Mail) -> str:
        self.mails.append(mail)
        return f"ses-{len(self.mails)}"


def _holds(change: Change, record: MessageRecord) -> bool:
    return (
        record.status in change.allowed
        and all(getattr(record, k) == v for k, v in change.equals.items())
        and all(getattr(record, k) in ("", v) for k, v in change.equals_if_present.items())
        and (change.event is None or change.event[0] not in record.events)
    )


def _after(change: Change, record: MessageRecord) -> MessageRecord:
    update: dict[str, Any] = dict(change.sets)
    update |= {key: getattr(record, key) + step for key, step in change.increments.items()}
    update |= dict.fromkeys(change.removes, "")
    if change.event:
        key, entry = change.event
        update["events"] = record.events | {key: entry}
    return record.model_copy(update=update)
