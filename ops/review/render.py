"""Review items, timelines and audit rows as a person reads them, within 80 columns. All text through `harmless`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from rich.table import Table
from rich.text import Text

from handlers.core import times
from ops.review import harmless
from ops.review.audit import Row
from ops.review.index import Group, Item, submission, timeline
from schemas.record import Status

_WIDTH = 80


def age(span: timedelta) -> str:
    """45s, 12m, 5h or 3d."""
    seconds = max(int(span.total_seconds()), 0)
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def items(found: Iterable[Item]) -> Table:
    table = _table("id", "age", "from", "cause")
    for item in found:
        _row(table, item.message_id, age(item.age), item.sender, item.cause)
    return table


def groups(found: Iterable[Group]) -> Table:
    table = _table("group", "count", "oldest", "cause", "sample")
    for group in found:
        sample = group.sample
        count = str(len(group.items))
        _row(table, sample.fingerprint, count, age(sample.age), sample.cause, sample.message_id)
    return table


def heading(item: Item) -> str:
    """The facts of one message, one a line."""
    record = item.record
    facts = {
        "message": record.messageId,
        "status": record.status,
        "cause": item.cause,
        "group": item.fingerprint if record.reason else "",
        "from": item.sender,
        "form": record.form,
        "to": "the fallback address" if record.recipient else "",
        "accepted": f"{record.acceptedAt} ({age(item.age)} ago)",
        "changed": record.updatedAt,
        "expires": f"{times.iso(item.expires_at)} (in {age(item.expires_at - item.now)})",
        "attempts": f"{record.attempts}, sent again {record.replays} times",
    }
    if item.may_have_been_sent and record.status is Status.REVIEW:
        facts["careful"] = "SES may have the last attempt's mail: sending again may deliver it twice"
    return "\n".join(f"{name:9} {harmless.line(str(fact))}" for name, fact in facts.items() if fact)


def story(item: Item) -> str:
    """The timeline, one entry a line: when (UTC), how long after the click, what, detail."""
    start = times.parse(item.record.acceptedAt)
    lines = [_entry(entry.at, entry.kind, entry.detail, start) for entry in timeline(item.record)]
    return "\n".join(lines)


def _entry(at: str, kind: str, detail: str, start: datetime) -> str:
    # The state machine's own entry has the same format: $$.State.EnteredTime is UTC with milliseconds.
    after = (times.parse(at) - start).total_seconds()
    offset = f"+{after:.1f}s" if after < 1000 else f"+{age(timedelta(seconds=after))}"  # noqa: PLR2004 - fits
    text = f"{at[:10]} {at[11:19]} {offset:>8}  {harmless.line(kind):20} {harmless.line(detail)}".rstrip()
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def body(item: Item) -> str:
    """What the visitor wrote; raw if it is no submission."""
    sent = submission(item.record)
    if not sent:
        return harmless.block(item.record.submission) or "(there is none: it was forgotten)"
    head = [
        f"{name:9} {harmless.line(str(sent[name]))}" for name in ("email", "name", "subject") if name in sent
    ]
    return "\n".join([*head, "", harmless.block(str(sent.get("message", "")))])


def audit(rows: Iterable[Row]) -> str:
    """Two lines a row: when, what, to which message; then from where to where, who and why."""
    return "\n".join(_audited(row) for row in rows)


def _audited(row: Row) -> str:
    change = f"{row.before.status} → {row.after.status}, " if row.before and row.after else ""
    edited = "subject edited, " if row.edited else ""
    fallback = row.after and row.after.status is Status.QUEUED and row.after.recipient
    edited += "to the fallback address, " if fallback else ""
    why = f": {row.why}" if row.why else ""
    head = f"{row.at[:10]} {row.at[11:19]}  {row.verb:10} {row.state:8} {row.target}"
    return f"{harmless.line(head)}\n    {harmless.line(f'{change}{edited}by {row.actor}{why}')}"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        # An id is what the next command needs, so it is never cut or broken.
        table.add_column(column, overflow="fold", no_wrap=column in ("id", "age", "group", "count", "sample"))
    return table


def _row(table: Table, *cells: str) -> None:
    table.add_row(*(Text(harmless.line(cell)) for cell in cells))
