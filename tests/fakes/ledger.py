"""The operator's table, machine and queues in memory; what was asked for is recorded."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from handlers.core.change import Change
from ops.review.audit import Row, State
from schemas.record import MessageRecord
from tests.fakes.cloud import FakeCloud


@dataclass
class FakeLedger:
    cloud: FakeCloud = field(default_factory=FakeCloud)
    rows: dict[str, Row] = field(default_factory=dict)
    started: list[str] = field(default_factory=list)
    reviews: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    clock: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)

    def get(self, message_id: str) -> MessageRecord | None:
        return self.cloud.get_record("", message_id)

    def put_audit(self, row: Row) -> Row | None:
        there = self.rows.get(row.actionId)
        self.rows.setdefault(row.actionId, row)
        return there

    def complete_audit(self, action_id: str, state: State, at: str) -> None:
        row = self.rows[action_id]
        if row.state is State.INTENDED:
            over = {"state": state, "completedAt": at, "subject": ""}
            self.rows[action_id] = row.model_copy(update=over)

    def change(self, change: Change) -> MessageRecord:
        return self.cloud.change_record("", change)

    def start(self, message_id: str, name: str) -> None:
        if name not in self.started:
            self.started.append(name)

    def queue_review(self, message_id: str, reason: str) -> None:
        self.reviews.append(message_id)

    def queue_event(self, body: str) -> None:
        self.events.append(body)

    def now(self) -> datetime:
        """No two answers are alike."""
        self.clock += timedelta(milliseconds=1)
        return self.clock
