"""What waits for a person, as the operator sees it. The records in review are the index; SQS is never asked."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.core import strict_json, times
from handlers.core.address import fingerprint
from schemas.record import MessageRecord, TimelineEvent

#: A submission that SQS itself moved to ReviewQueue after it had failed five times.
POISON_INTAKE = "poison_intake"
#: What the send protocol writes about an attempt: handlers/core/sending.py.
_SEND_KINDS = frozenset({"sending", "outcome_unknown", "not_accepted_by_ses", "accepted_by_ses"})
_SURELY_NOT_SENT = "not_accepted_by_ses"
#: A visitor who waited longer may be surprised by an answer.
STALE = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """A record and what an operator wants to know of it at `now` (UTC)."""

    record: MessageRecord
    now: datetime

    @property
    def message_id(self) -> str:
        return self.record.messageId

    @property
    def error_code(self) -> str:
        """What SES or AWS answered to the last attempt; empty if there was none."""
        last = self._last_attempt()
        return last.detail if last else ""

    @property
    def fingerprint(self) -> str:
        """Equal for items that failed for the same cause, in every run and on every machine."""
        cause = f"{self.record.reason}\n{self.error_code}".encode(errors="backslashreplace")
        return hashlib.sha256(cause).hexdigest()[:8]

    @property
    def cause(self) -> str:
        return f"{self.record.reason} {self.error_code}".strip()

    @property
    def age(self) -> timedelta:
        """Since the visitor got the 202."""
        return self.now - times.parse(self.record.acceptedAt)

    @property
    def expires_at(self) -> datetime:
        return datetime.fromtimestamp(self.record.expiresAt, UTC)

    @property
    def is_stale(self) -> bool:
        return self.age > STALE

    @property
    def may_have_been_sent(self) -> bool:
        """SES may have the mail of the last attempt, so that sending again may make two of one."""
        last = self._last_attempt()
        return last is not None and last.kind != _SURELY_NOT_SENT

    def may_have_reached(self, address: str) -> bool:
        """SES may have had a mail for this address; also when an attempt is left of which no event tells for whom."""
        told: set[str] = set()
        attempt, untold = "", False
        for entry in timeline(self.record):
            if entry.to:
                told.add(entry.to)
                attempt = "told"
            elif entry.kind == "sending":
                untold, attempt = untold or attempt == "open", "open"
            elif entry.kind == _SURELY_NOT_SENT:
                attempt = ""
            elif entry.kind in _SEND_KINDS:
                attempt = attempt or "open"
        return untold or attempt == "open" or fingerprint(address) in told

    @property
    def sender(self) -> str:
        """The visitor's address, masked."""
        return masked(str(submission(self.record).get("email", "")))

    def _last_attempt(self) -> TimelineEvent | None:
        attempts = [entry for entry in timeline(self.record) if entry.kind in _SEND_KINDS]
        return attempts[-1] if attempts else None


@dataclass(frozen=True)
class Group:
    """Items of one fingerprint, oldest first."""

    items: list[Item]

    @property
    def sample(self) -> Item:
        return self.items[0]


def groups(items: Iterable[Item]) -> list[Group]:
    """The largest first."""
    by_fingerprint: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_fingerprint[item.fingerprint].append(item)
    found = [Group(sorted(held, key=lambda item: item.record.acceptedAt)) for held in by_fingerprint.values()]
    return sorted(found, key=lambda group: (-len(group.items), group.sample.fingerprint))


def timeline(record: MessageRecord) -> list[TimelineEvent]:
    """Oldest first; entries of one moment in the order of their keys."""
    return [entry for _, entry in sorted(record.events.items(), key=lambda pair: (pair[1].at, pair[0]))]


def submission(record: MessageRecord) -> dict[str, Any]:
    """What the visitor sent; empty if it is no JSON object, or was forgotten."""
    try:
        return dict(strict_json.loads(record.submission))
    except strict_json.NotStrictJsonError:
        return {}


def masked(address: str) -> str:
    """ann@example.com → a***@example.com: enough to recognise, too little to write to."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}" if at and local else ""


def as_dict(item: Item) -> dict[str, Any]:
    """For --json and exports: without the visitor's words."""
    record = item.record
    return {
        "messageId": record.messageId,
        "status": record.status.value,
        "reason": record.reason,
        "errorCode": item.error_code,
        "fingerprint": item.fingerprint,
        "acceptedAt": record.acceptedAt,
        "updatedAt": record.updatedAt,
        "expiresAt": times.iso(item.expires_at),
        "attempts": record.attempts,
        "replays": record.replays,
        "sender": item.sender,
        "mayHaveBeenSent": item.may_have_been_sent,
        "form": record.form,
        "recipient": record.recipient or "owner",
    }
