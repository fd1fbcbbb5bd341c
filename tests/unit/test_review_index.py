import csv
import io
import json
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.address import fingerprint
from ops.review import export, harmless, index, selection
from ops.review.index import Item
from ops.review.selection import Selection, SelectionError
from schemas.record import Status, TimelineEvent
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOSTILE = [
    "\x1b[2J\x1b]0;owned\x07",
    "\x9b31m",
    "safe\u202egnp.exe",
    "zero\u200bwidth\u2060",
    "a\r\nb\x00\x7f",
    "\u2028\u2029",
    "\ud800",
    "[red]markup[/red] :smile:",
    "=HYPERLINK(1)",
    "\uff1d1+1",
    "@SUM(1)",
    "-1+1|cmd",
    "\t=1",
    " =1",
]
TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(HOSTILE)


def _item(reason: str = "PermanentSendError", *attempts: tuple[str, str], **changed: Any) -> Item:
    events = {
        f"e{number}": TimelineEvent(kind=kind, at=f"2026-11-24T10:00:{number:02d}.000Z", detail=detail)
        for number, (kind, detail) in enumerate(attempts)
    }
    return Item(record(Status.REVIEW, reason=reason, events=events, **changed), NOW)


@pytest.mark.parametrize(
    ("story", "reached"),
    [
        ([], ""),
        (["sending", "not_accepted_by_ses"], ""),
        (["sending"], "owner fallback"),
        (["sending", "outcome_unknown"], "owner fallback"),
        (["outcome_unknown"], "owner fallback"),
        (["sending", "accepted_by_ses", "Send to owner", "Bounce to owner"], "owner"),
        (["sending", "Send to owner", "accepted_by_ses"], "owner"),
        (["sending", "Bounce to owner", "retry", "sending", "not_accepted_by_ses"], "owner"),
        (["sending", "Bounce to owner", "retry", "sending", "Bounce to fallback"], "owner fallback"),
        (["sending", "outcome_unknown", "retry", "sending", "Bounce to fallback"], "owner fallback"),
        (["sending", "not_accepted_by_ses", "retry", "sending", "Bounce to fallback"], "fallback"),
    ],
)
def test_the_events_tell_who_may_have_the_mail_and_where_they_do_not_anybody_may(
    story: list[str], reached: str
) -> None:
    events = {}
    for number, told in enumerate(story):
        kind, _, whom = told.partition(" to ")
        to = fingerprint(f"{whom}@example.com") if whom else ""
        events[f"e{number}"] = TimelineEvent(kind=kind, at=f"2026-11-24T10:00:{number:02d}.000Z", to=to)
    item = Item(record(Status.REVIEW, events=events), NOW)
    assert [
        whom for whom in ("owner", "fallback") if item.may_have_reached(f"{whom}@Example.com")
    ] == reached.split()


def test_the_fingerprint_is_the_cause_and_nothing_else() -> None:
    rejected = ("sending", ""), ("not_accepted_by_ses", "MessageRejected")
    one, other = (
        _item("PermanentSendError", *rejected),
        _item("PermanentSendError", *rejected, messageId="m2"),
    )
    assert one.fingerprint == other.fingerprint == "345360b1"
    assert one.cause == "PermanentSendError MessageRejected"
    different = _item("PermanentSendError", ("not_accepted_by_ses", "BadRequestException"))
    assert different.fingerprint != one.fingerprint


@pytest.mark.parametrize(
    ("attempts", "sent"),
    [
        ([], False),
        ([("sending", "")], True),
        ([("sending", ""), ("outcome_unknown", "ReadTimeoutError")], True),
        ([("sending", ""), ("not_accepted_by_ses", "MessageRejected")], False),
        ([("sending", ""), ("accepted_by_ses", "")], True),
        ([("outcome_unknown", ""), ("sending", ""), ("not_accepted_by_ses", "x")], False),
    ],
)
def test_an_attempt_that_proves_nothing_may_have_sent_the_mail(
    attempts: list[tuple[str, str]],
    sent: bool,  # noqa: FBT001 - a row of the table above
) -> None:
    assert _item("x", *attempts).may_have_been_sent is sent


def test_groups_are_largest_first_with_the_oldest_as_sample() -> None:
    items = [
        _item("a", messageId="m1", acceptedAt="2026-11-24T10:00:02.000Z"),
        _item("a", messageId="m2", acceptedAt="2026-11-24T10:00:01.000Z"),
        _item("b", messageId="m3"),
    ]
    found = index.groups(items)
    assert [(len(group.items), group.sample.message_id) for group in found] == [(2, "m2"), (1, "m3")]


@pytest.mark.parametrize(
    ("address", "shown"), [("ann@example.com", "a***@example.com"), ("", ""), ("@x", ""), ("plain", "")]
)
def test_an_address_is_masked(address: str, shown: str) -> None:
    assert index.masked(address) == shown


def test_what_is_no_submission_has_no_sender_and_no_error() -> None:
    assert _item(submission="{not json").sender == ""
    assert index.submission(record(submission="")) == {}


def test_a_selection_takes_what_all_its_conditions_name() -> None:
    item = _item("honeypot_filled", acceptedAt="2026-11-22T10:00:00.000Z")
    for conditions in (
        ["reason=honeypot_filled"],
        ["older-than=2d", "text=NORWAY"],
        [f"fingerprint={item.fingerprint}"],
    ):
        assert selection.parse(conditions).takes(item)
    for conditions in (
        ["reason=honeypot"],
        ["older-than=3d"],
        ["text=norway", "reason=x"],
        ["fingerprint=zz"],
    ):
        assert not selection.parse(conditions).takes(item)
    assert Selection().is_empty
    assert selection.duration("90s") == timedelta(seconds=90)


@pytest.mark.parametrize("wrong", ["reason", "reason=", "older-than=soon", "older-than=2w", "shoe=1", "=x"])
def test_a_wrong_condition_is_refused_with_what_would_be_right(wrong: str) -> None:
    with pytest.raises(SelectionError, match="write"):
        selection.parse([wrong])


@given(TEXT)
def test_no_text_reaches_the_terminal_with_anything_that_acts_or_hides(text: str) -> None:
    shown = harmless.line(text)
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]
    assert shown.encode().decode() == shown
    assert harmless.block(text).count("\n") == text.count("\n")


def test_every_single_character_is_harmless_or_spelled_out() -> None:
    for code in range(0x110000):
        shown = harmless.line(chr(code))
        assert shown == chr(code) or (shown.isascii() and shown.startswith("\\"))
        assert unicodedata.category(shown[0]) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def test_letters_of_every_script_stay_as_they_are() -> None:
    for text in ("שלום", "مرحبا", "Ærøskøbing", "😀", "日本語", "a\\b"):
        assert harmless.line(text) == text


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_no_cell_of_an_exported_sheet_starts_a_formula(texts: list[str]) -> None:
    items = [_item(reason, submission=json.dumps({"subject": reason, "message": reason})) for reason in texts]
    rows = list(csv.reader(io.StringIO(export.spreadsheet(items, body=True))))
    assert len(rows) == len(texts) + 1
    for cell in (cell for row in rows[1:] for cell in row):
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"))


@given(st.lists(TEXT, max_size=4))
def test_exported_lines_are_ascii_and_say_what_was_sent(texts: list[str]) -> None:
    items = [_item("x", submission=json.dumps({"subject": text})) for text in texts]
    lines = export.jsonl(items, body=True).splitlines()
    assert all(line.isascii() and line.isprintable() for line in lines)
    for line, text in zip(lines, texts, strict=True):
        row = json.loads(line)
        assert text in (row["subject"], json.loads(row["raw"])["subject"] if row["raw"] else None)
    assert all("subject" not in json.loads(line) for line in export.jsonl(items, body=False).splitlines())
