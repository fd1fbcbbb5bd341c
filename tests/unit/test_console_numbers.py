"""The overview's numbers, its charts, and how little is read for them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import times
from ops.console import chart, overview, texts
from ops.console.tally import Tally
from ops.review.table import Entry
from schemas.record import Status

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
LATER = 4_000_000_000


def entry(number: int, status: Status, *, ago: float = 0, took: float | None = None) -> Entry:
    """Accepted `ago` seconds before NOW, settled `took` seconds after that."""
    accepted = NOW - timedelta(seconds=ago)
    settled = "" if took is None else times.iso(accepted + timedelta(seconds=took))
    return Entry(f"m{number}", status, times.iso(accepted), times.iso(accepted), settled, "", LATER)


def entries(**counts: int) -> list[Entry]:
    return [entry(n, Status(name)) for name, count in counts.items() for n in range(count)]


def test_every_status_is_drawn_in_exactly_one_kind() -> None:
    drawn = [status for statuses in overview.KINDS.values() for status in statuses]
    assert sorted(drawn) == sorted(Status)


def test_rates_are_of_the_mails_that_ses_tried() -> None:
    counted = overview.counts(
        entries(delivered=90, bounced=5, complained=1, sent=4, suppressed=7, rejected=2, review=50, queued=3)
    )
    found = overview.rates(counted)
    assert (found.bounce.part, found.bounce.whole) == (5, 100)
    assert (found.complaint.part, found.complaint.whole) == (1, 100)
    assert (found.delivery.part, found.delivery.whole) == (91, 96)


def test_there_is_no_rate_of_nothing() -> None:
    found = overview.rates(overview.counts([]))
    assert (found.delivery.share, found.bounce.share, found.complaint.share) == (None, None, None)


def test_the_oldest_in_review_is_the_first_accepted() -> None:
    held = [entry(1, Status.REVIEW, ago=10), entry(2, Status.REVIEW, ago=99), entry(3, Status.SENT, ago=500)]
    oldest = overview.oldest_in_review(held)
    assert oldest
    assert oldest.message_id == "m2"
    assert overview.oldest_in_review([]) is None


@given(st.lists(st.floats(min_value=0, max_value=3e6)), st.sampled_from(list(overview.WINDOWS)))
def test_each_message_of_the_window_is_in_one_bucket(ages: list[float], name: str) -> None:
    window = overview.WINDOWS[name]
    given_ = [entry(n, Status.DELIVERED, ago=ago, took=2.0) for n, ago in enumerate(ages)]
    within = overview.within(given_, window, NOW)
    found = overview.buckets(given_, window, NOW)
    assert sum(bucket.total for bucket in found) == len(within)
    assert len(found) == window.steps
    assert found[-1].start <= NOW < found[-1].start + window.step


def test_a_bucket_knows_its_median_and_its_slow_end() -> None:
    given_ = [entry(n, Status.DELIVERED, took=float(n)) for n in range(101)]
    last = overview.buckets(given_, overview.WINDOWS["day"], NOW)[-1]
    assert (last.median, last.slowest) == (50.0, 95.0)


@given(st.floats(min_value=0, max_value=1e12))
def test_an_axis_ends_above_its_values_and_never_at_nought(value: float) -> None:
    assert chart.ceiling(value) >= max(value, 1)


def test_bars_stand_on_the_ground_and_on_each_other() -> None:
    given_ = [*entries(delivered=6, review=3), entry(20, Status.BOUNCED)]
    drawn = chart.bars(overview.buckets(given_, overview.WINDOWS["hour"], NOW))
    shapes = drawn.bars[-1][1]
    assert [shape.kind for shape in shapes] == ["delivered", "held", "failed"]
    assert shapes[0].y + shapes[0].height == pytest.approx(100)
    for lower, upper in pairwise(shapes):
        assert upper.y + upper.height == pytest.approx(lower.y)


def test_a_line_is_broken_where_there_is_no_value() -> None:
    drawn = chart.lines({"median": [1.0, 2.0, None, 3.0]})
    assert drawn.paths["median"].count("M") == 4
    assert drawn.paths["median"].count("L") == 3
    assert chart.lines({"median": []}).paths == {"median": ""}


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    parts = list(texts.diff(before, after))
    assert "".join(text for how, text in parts if how != "ins") == before
    assert "".join(text for how, text in parts if how != "del") == after


class Index:
    """The index byStatus; records what was asked."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = list(entries)
        self.asked: list[str] = []

    def read(self, status: Status, since: str) -> list[Entry]:
        self.asked.append(since)
        return [held for held in self.entries if held.status is status and held.updated_at >= since]


def test_after_the_first_look_only_what_changed_is_read() -> None:
    index = Index(*(entry(n, Status.SENT, ago=10_000) for n in range(5)))
    tally = Tally(index.read)
    assert len(tally.entries(NOW)) == 5
    assert set(index.asked) == {""}
    index.asked.clear()
    moved = entry(3, Status.DELIVERED, ago=-1)
    index.entries = [held for held in index.entries if held.message_id != "m3"] + [moved]
    again = tally.entries(NOW + timedelta(seconds=3))
    assert overview.counts(again) == {Status.SENT: 4, Status.DELIVERED: 1}
    assert index.asked == [times.iso(NOW - timedelta(minutes=2))] * len(Status)


def test_an_index_that_lags_shows_no_message_twice() -> None:
    index = Index(entry(1, Status.SENT, ago=60), entry(1, Status.DELIVERED, ago=1))
    assert overview.counts(Tally(index.read).entries(NOW)) == {Status.DELIVERED: 1}


def test_what_was_deleted_is_gone_after_ten_minutes() -> None:
    index = Index(entry(1, Status.SENT, ago=10_000))
    tally = Tally(index.read)
    tally.entries(NOW)
    index.entries.clear()
    assert len(tally.entries(NOW + timedelta(minutes=9))) == 1
    assert tally.entries(NOW + timedelta(minutes=10)) == []
