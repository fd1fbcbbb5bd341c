"""The account's suppression list: addresses that SES takes mail for and does not write to."""

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ops.local.ses.outcomes import bare
from ops.local.ses.store import Event


class Reason(StrEnum):
    BOUNCE = "BOUNCE"
    COMPLAINT = "COMPLAINT"


@dataclass(frozen=True)
class Suppressed:
    """One address and the mail that brought it onto the list."""

    address: str
    reason: Reason
    since: datetime
    mail_id: str
    feedback_id: str


_ALREADY_LISTED = frozenset({"Suppressed", "OnAccountSuppressionList"})


def reason_of(event: Event) -> Reason | None:
    """Why SES puts the recipients of this event on the list: a hard bounce or a complaint of a person."""
    if event.kind == "Complaint" and event.detail["complaintSubType"] is None:
        return Reason.COMPLAINT
    if event.kind == "Bounce" and event.detail["bounceType"] == "Permanent":
        return None if event.detail["bounceSubType"] in _ALREADY_LISTED else Reason.BOUNCE
    return None


class SuppressionList:
    """Addresses match without regard to case; safe for use from several threads."""

    def __init__(self) -> None:
        self._entries: dict[str, Suppressed] = {}
        self._lock = threading.Lock()

    def add(self, entry: Suppressed) -> None:
        with self._lock:
            self._entries[bare(entry.address)] = entry

    def get(self, address: str) -> Suppressed | None:
        with self._lock:
            return self._entries.get(bare(address))

    def remove(self, address: str) -> bool:
        """Take the address off; False when it was not on the list."""
        with self._lock:
            return self._entries.pop(bare(address), None) is not None

    def entries(self) -> list[Suppressed]:
        """Oldest first."""
        with self._lock:
            return sorted(self._entries.values(), key=lambda entry: entry.since)
