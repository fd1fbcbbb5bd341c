"""MessagesTable in memory: the same conditional writes. tests/contract compares it with DynamoDB's expressions."""

from dataclasses import dataclass, field
from typing import Any

from handlers.aws import ConditionFailedError
from handlers.core.change import Change
from schemas.record import MessageRecord, TimelineEvent


@dataclass
class FakeTable:
    items: dict[str, MessageRecord] = field(default_factory=dict)
    #: every change that happened, in order
    made: list[Change] = field(default_factory=list)

    def put(self, record: MessageRecord) -> None:
        if record.messageId in self.items:
            raise ConditionFailedError(self.items[record.messageId])
        self.items[record.messageId] = record

    def change(self, change: Change) -> MessageRecord:
        there = self.items.get(change.message_id)
        if there is None or not _holds(change, there):
            raise ConditionFailedError(there)
        self.made.append(change)
        self.items[change.message_id] = _after(change, there)
        return self.items[change.message_id]

    def first_change(self, changes: list[Change]) -> MessageRecord:
        *earlier, last = changes
        for change in earlier:
            try:
                return self.change(change)
            except ConditionFailedError:
                continue
        return self.change(last)


def _holds(change: Change, record: MessageRecord) -> bool:
    return (
        record.status in set(change.allowed)
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
        update["events"] = record.events | {key: TimelineEvent.model_validate(entry)}
    return record.model_copy(update=update)
