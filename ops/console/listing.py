"""Messages of one status, filtered, grouped and paged. A page reads its own records; a filter, all once."""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from ops.console.tally import Tally
from ops.review import index, selection
from ops.review.index import Group, Item
from ops.review.selection import Selection, SelectionError
from ops.review.table import Entry, Table
from schemas.record import MessageRecord, Status

PAGE = 50
_CONDITIONS = ("reason", "fingerprint", "older-than", "text")


@dataclass(frozen=True)
class Query:
    """What the page's address asks for. `problem` says what of it is wrong."""

    status: Status
    conditions: dict[str, str]
    group: bool
    page: int
    selection: Selection
    problem: str = ""

    def address(self, **changed: str) -> str:
        """The page's address with something else; "" leaves it out."""
        status = "" if self.status is Status.REVIEW else self.status.value
        given = {"status": status, **self.conditions, "group": "1" if self.group else ""} | changed
        shown = urlencode({name: value for name, value in given.items() if value})
        return f"/review?{shown}" if shown else "/review"


def query(given: Mapping[str, str]) -> Query:
    conditions = {name: given[name] for name in _CONDITIONS if given.get(name)}
    wanted, problem = Selection(), ""
    try:
        wanted = selection.parse(f"{name}={value}" for name, value in conditions.items())
    except SelectionError as wrong:
        problem = str(wrong)
    status = given.get("status", "")
    page = given.get("page", "")
    return Query(
        Status(status) if status in set(Status) else Status.REVIEW,
        conditions,
        given.get("group") == "1",
        number(page),
        wanted,
        problem,
    )


def number(page: str) -> int:
    """1 for anything that is no page's number."""
    return max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1  # noqa: PLR2004 - digits


@dataclass(frozen=True)
class Page:
    items: list[Item]
    groups: list[Group]
    #: before the filter, and after
    everything: int
    total: int
    last: int
    reasons: Counter[str]


class Listing:
    """Keeps each record that a filter read until the index shows a newer one; safe under threads."""

    def __init__(self, tally: Tally, table: Table) -> None:
        self._tally = tally
        self._table = table
        self._records: dict[str, MessageRecord] = {}
        self._reading = threading.Lock()

    def page(self, asked: Query, now: datetime) -> Page:
        entries = self._of(asked.status, now)
        reasons = Counter(entry.reason for entry in entries if entry.reason)
        matching = [entry.message_id for entry in entries]
        groups: list[Group] = []
        if asked.group or not asked.selection.is_empty:
            found = self._matching(entries, asked.selection, now)
            matching = [item.message_id for item in found]
            groups = index.groups(found) if asked.group else []
        start = (asked.page - 1) * PAGE
        items = [] if asked.group else self._now(matching[start : start + PAGE], asked.status, now)
        last = max(1, -(-len(matching) // PAGE))
        return Page(items, groups, len(entries), len(matching), last, reasons)

    def all_matching(self, asked: Query, now: datetime) -> list[Item]:
        """As they are in the table at this moment."""
        found = self._matching(self._of(asked.status, now), asked.selection, now)
        fresh = self._now((item.message_id for item in found), asked.status, now)
        return [item for item in fresh if asked.selection.takes(item)]

    def _of(self, status: Status, now: datetime) -> list[Entry]:
        held = [entry for entry in self._tally.entries(now) if entry.status is status]
        return sorted(held, key=lambda entry: (entry.updated_at, entry.message_id))

    def _matching(self, entries: list[Entry], wanted: Selection, now: datetime) -> list[Item]:
        with self._reading:
            kept = self._records
            here = {
                entry.message_id: kept[entry.message_id]
                for entry in entries
                if entry.message_id in kept and kept[entry.message_id].updatedAt == entry.updated_at
            }
            missing = [entry.message_id for entry in entries if entry.message_id not in here]
            here |= {record.messageId: record for record in self._table.read(missing)}
            self._records = here
        items = (Item(here[entry.message_id], now) for entry in entries if entry.message_id in here)
        return [item for item in items if wanted.takes(item)]

    def _now(self, message_ids: Iterable[str], status: Status, now: datetime) -> list[Item]:
        """The index lags, so what is shown is read again; the order stays."""
        order = list(message_ids)
        there = {record.messageId: record for record in self._table.read(order)}
        found = (there[message_id] for message_id in order if message_id in there)
        return [Item(record, now) for record in found if record.status is status]


def as_group(group: Group, asked: Query) -> str:
    """The address of a group's own list."""
    return replace(asked, group=False).address(fingerprint=group.sample.fingerprint)
