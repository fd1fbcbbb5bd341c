"""The mails that SES has accepted, each with the events published for it; the oldest go when it is full."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

CAPACITY = 20_000


@dataclass(frozen=True)
class Mail:
    """One accepted SendEmail call. `sender` and the recipients are as the caller spelled them."""

    id: str
    accepted_at: datetime
    sender: str
    identity: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    bcc: tuple[str, ...]
    reply_to: tuple[str, ...]
    subject: str
    text: str | None
    html: str | None
    extra_headers: tuple[tuple[str, str], ...]
    tags: Mapping[str, str]
    configuration_set: str | None

    @property
    def recipients(self) -> tuple[str, ...]:
        return (*self.to, *self.cc, *self.bcc)


@dataclass(frozen=True)
class Event:
    """One SES event. `detail` stands under `part` in its JSON, beside `mail`; `topics` got it."""

    kind: str
    part: str
    at: datetime
    detail: Mapping[str, Any]
    topics: tuple[str, ...] = ()


@dataclass
class _Entry:
    mail: Mail
    events: list[Event] = field(default_factory=list)


class MailStore:
    """Safe for use from several threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = threading.Lock()
        self._accepted = 0

    def add(self, mail: Mail) -> None:
        with self._lock:
            self._entries[mail.id] = _Entry(mail)
            self._accepted += 1
            if len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def record(self, mail_id: str, event: Event) -> None:
        """Keep an event with its mail, if the mail is still kept."""
        with self._lock:
            if entry := self._entries.get(mail_id):
                entry.events.append(event)

    def get(self, mail_id: str) -> Mail | None:
        with self._lock:
            entry = self._entries.get(mail_id)
            return entry.mail if entry else None

    def events(self, mail_id: str) -> list[Event]:
        """The events of a mail in the order of their publication; [] for an unknown one."""
        with self._lock:
            entry = self._entries.get(mail_id)
            return list(entry.events) if entry else []

    def mails(self) -> list[Mail]:
        """Oldest first."""
        with self._lock:
            return [entry.mail for entry in self._entries.values()]

    @property
    def accepted(self) -> int:
        """How many mails came in since the start, those dropped since then included."""
        return self._accepted

    def forget(self, mail_ids: set[str]) -> int:
        """Drop these mails; return how many were there."""
        with self._lock:
            return sum(self._entries.pop(mail_id, None) is not None for mail_id in mail_ids)


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
