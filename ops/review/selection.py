"""Which review items are meant: `reason=honeypot_filled`, `older-than=2d`, and their like, all at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any

from ops.review.index import Item

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class SelectionError(ValueError):
    """The text is no selection. It says what would be."""


@dataclass(frozen=True)
class Selection:
    """Empty fields select everything."""

    reason: str = ""
    fingerprint: str = ""
    older_than: timedelta | None = None
    #: anywhere in what the visitor sent, in the id or the reason; case does not matter
    text: str = ""

    def takes(self, item: Item) -> bool:
        record = item.record
        return (
            self.reason in ("", record.reason)
            and item.fingerprint.startswith(self.fingerprint)
            and (self.older_than is None or item.age > self.older_than)
            and self.text.casefold() in f"{record.messageId} {item.cause} {record.submission}".casefold()
        )

    @property
    def is_empty(self) -> bool:
        return self == Selection()


def duration(text: str) -> timedelta:
    """90s, 15m, 2h or 3d. Raise SelectionError."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if not found:
        raise SelectionError(f"{text!r} is no duration: write 90s, 15m, 2h or 3d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def parse(conditions: Iterable[str]) -> Selection:
    """One `name=value` each; every one must hold. Raise SelectionError."""
    known = {field.name.replace("_", "-"): field.name for field in fields(Selection)}
    selection = Selection()
    for condition in conditions:
        name, equals, text = condition.partition("=")
        if not equals or not text or name not in known:
            raise SelectionError(f"{condition!r} is no condition: write {'=…, '.join(known)}=…")
        value: Any = duration(text) if name == "older-than" else text
        selection = replace(selection, **{known[name]: value})
    return selection
