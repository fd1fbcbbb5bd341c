import json
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtest.bench.__main__ import keep
from loadtest.bench.figures import Answer, figure, percentile, ratios, rounds, spread
from loadtest.bench.legs import Leg

ANSWER = Answer(
    "A title", ["what", "ms"], [["ours", "1.00"], ["theirs", "2.00"]], {"x": [1.0]}, "How.", "Target: 1."
)


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1), (0.5, 50), (0.99, 99), (0.999, 100), (1.0, 100)])
def test_a_percentile_is_one_of_the_values(share: float, expected: float) -> None:
    assert percentile(range(100, 0, -1), share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_no_more_than_its_share_passes_a_percentile(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-5


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def test_a_ratio_is_of_one_round_never_of_two_rounds_middles() -> None:
    # The second round was ten times slower for both sides.
    assert ratios([1, 10, 2], [2, 20, 8]) == spread([0.5, 0.5, 0.25])


def test_a_ratio_of_unequal_rounds_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratios([1, 2], [1])


def test_every_second_round_goes_backwards() -> None:
    order: list[str] = []
    sides = {name: lambda name=name: order.append(name) for name in "ab"}
    assert rounds(3, sides) == {"a": [None] * 3, "b": [None] * 3}
    assert order == ["a", "b", "b", "a", "a", "b"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.0412, "0.04"), (1.234, "1.23"), (45.67, "45.7"), (678.9, "679"), (12345.6, "12,346")],
)
def test_a_figure_shows_no_more_than_was_measured(value: float, text: str) -> None:
    assert figure(value) == text


def test_a_spread_reads_middle_first() -> None:
    assert str(spread([3.0, 1.0, 2.0])) == "2.00 (1.00 to 3.00)"


def test_an_answer_is_a_table_with_its_note_and_target() -> None:
    assert ANSWER.markdown() == (
        "## A title\n\n| what | ms |\n| --- | --- |\n| ours | 1.00 |\n| theirs | 2.00 |\n\nHow.\n\nTarget: 1.\n"
    )


def test_a_leg_s_cost_is_told_a_message_and_by_role() -> None:
    one = Leg(10, 60, [], 2.0, {"functions": 250, "embedded cloud": 150}, 1)
    assert one.cpu_a_message == 40
    assert one.by_role() == "embedded cloud 15.0, functions 25.0"
    assert json.loads(json.dumps(asdict(one)))["cpu"] == {"functions": 250, "embedded cloud": 150}


def test_the_table_and_the_numbers_are_kept_with_the_machine(tmp_path: Path) -> None:
    keep("x", "2 CPUs", ANSWER, tmp_path / "new")
    assert (tmp_path / "new" / "x.md").read_text().endswith("\n2 CPUs\n")
    kept = json.loads((tmp_path / "new" / "x.json").read_text())
    assert kept == {"machine": "2 CPUs", "title": "A title", "numbers": {"x": [1.0]}}
