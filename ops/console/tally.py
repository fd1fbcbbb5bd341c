"""What the index byStatus says of every message: read once, then only what changed since.

A look costs one query a status, 13 of half a read unit when little has changed. The first look and one look in ten
minutes read the whole index, 4 KB or a dozen messages to half a unit: what expires leaves the index without a word.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from handlers.core import times
from ops.review.table import Entry
from schemas.record import Status

#: The index lags behind the table, and the clocks of those who write differ.
OVERLAP = timedelta(minutes=2)
WHOLE = timedelta(minutes=10)
_AT_ONCE = 4


class Tally:
    """`read` gives the entries of a status that changed at a time or later; safe under threads."""

    def __init__(self, read: Callable[[Status, str], Iterable[Entry]]) -> None:
        self._read = read
        self._looking = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._whole_at: datetime | None = None
        self._at: datetime | None = None

    def entries(self, now: datetime) -> list[Entry]:
        """One a message, in no order."""
        with self._looking:
            whole = self._whole_at is None or self._at is None or now - self._whole_at >= WHOLE
            since = "" if whole or self._at is None else times.iso(self._at - OVERLAP)
            found = self._look(since)
            if whole:
                self._entries, self._whole_at = {}, now
            for entry in found:
                there = self._entries.get(entry.message_id)
                if there is None or there.updated_at <= entry.updated_at:
                    self._entries[entry.message_id] = entry
            self._at = now
            return [entry for entry in self._entries.values() if entry.expires_at > now.timestamp()]

    def _look(self, since: str) -> list[Entry]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            read = pool.map(lambda status: list(self._read(status, since)), Status)
            return [entry for entries in read for entry in entries]
