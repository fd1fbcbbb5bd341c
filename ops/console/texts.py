"""Words, colours and numbers as the console shows them."""

import difflib
from collections.abc import Iterator
from datetime import datetime, timedelta

from ops.console.overview import Window
from ops.review.audit import Row, State, Verb
from ops.review.render import age
from schemas.record import Status

__all__ = ["age"]

_GOOD = frozenset({"delivered", "done", "accepted_by_ses", "Delivery"})
_BAD = frozenset(
    {
        *("bounced", "complained", "rejected", "suppressed", "soft_bounced", "refused"),
        *("Bounce", "Complaint", "Reject", "Rendering Failure"),
    }
)
_WARNING = frozenset(
    {"delayed", "outcome_unknown", "review", "intended", "not_accepted_by_ses", "DeliveryDelay"}
)
#: What a verb is called on a button, and what it has done.
VERBS = {
    Verb.RETRY: ("Send again", "sent again"),
    Verb.DELIVER: ("Deliver", "handed to delivery"),
    Verb.RESOLVE: ("Resolve", "resolved"),
    Verb.DISCARD: ("Discard", "discarded"),
    Verb.UNDO: ("Take back", "back in review"),
    Verb.UNSUPPRESS: ("Take off the list", "taken off the list"),
    Verb.REFIRE: ("Refire", "fired again"),
}
#: The key that presses a verb's button.
KEYS = {Verb.RETRY: "r", Verb.DELIVER: "d", Verb.RESOLVE: "e", Verb.DISCARD: "#", Verb.UNDO: "u"}


def tone(word: str) -> str:
    """The colour of a status, a state or an event; the word itself always stands beside it."""
    for name, words in (("good", _GOOD), ("bad", _BAD), ("warning", _WARNING)):
        if word in words:
            return name
    return "calm"


def status_name(status: str) -> str:
    return status.replace("_", " ")


def messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count:,} messages"


def percent(share: float | None) -> str:
    """With as many digits as SES's lines need."""
    if share is None:
        return "–"  # noqa: RUF001 - a dash
    return f"{100 * share:.2f} %" if 0 < share < 0.01 else f"{100 * share:.1f} %"  # noqa: PLR2004 - see above


def seconds(value: float | None) -> str:
    if value is None:
        return "–"  # noqa: RUF001 - a dash
    return f"{value:.3g} s" if value < 100 else f"{value:,.0f} s"  # noqa: PLR2004 - fits


def dollars(value: float) -> str:
    return f"${value:,.2f}"


def kilo(count: int) -> str:
    """As short as a station has room for."""
    return f"{count:,}" if count < 100_000 else f"{count / 1000:,.0f}k"  # noqa: PLR2004 - fits


def moment(start: datetime, window: Window) -> str:
    """Where a chart begins."""
    return f"{start:%H:%M}" if window.step < timedelta(hours=1) else f"{start:%d %b %H:%M}"


def after(value: float) -> str:
    """How long after the click."""
    return f"+{value:.1f} s" if value < 1000 else f"+{age(timedelta(seconds=value))}"  # noqa: PLR2004 - fits


def day(text: str) -> str:
    """A time of the table, shorter: UTC to the second."""
    return f"{text[:10]} {text[11:19]}" if len(text) >= len("2026-11-24T10:00:00") else text


def diff(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Word by word: ("same" | "del" | "ins", text)."""
    old, new = (_words(text) for text in (before, after))
    for how, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            yield "same", "".join(old[i1:i2])
            continue
        if i2 > i1:
            yield "del", "".join(old[i1:i2])
        if j2 > j1:
            yield "ins", "".join(new[j1:j2])


def change(row: Row) -> str:
    """From where to where an action leads; empty if it changes no message."""
    if not (row.before and row.after):
        return ""
    return f"{status_name(row.before.status)} → {status_name(row.after.status)}"


def can_undo(row: Row) -> bool:
    return row.state is State.DONE and row.verb in (Verb.RESOLVE, Verb.DISCARD)


def verbs(status: Status) -> list[Verb]:
    """What can be done with a message in this status, by itself."""
    match status:
        case Status.REVIEW:
            return [Verb.RETRY, Verb.DELIVER, Verb.RESOLVE, Verb.DISCARD]
        case Status.DISCARDED:
            return [Verb.UNDO]
        case Status.SOFT_BOUNCED | Status.REJECTED | Status.SUPPRESSED | Status.BOUNCED | Status.COMPLAINED:
            return [Verb.RETRY]
    return []


def _words(text: str) -> list[str]:
    words, current = [], ""
    for character in text:
        if current and character.isspace() != current[-1].isspace():
            words.append(current)
            current = ""
        current += character
    return [*words, current] if current else words
