import pytest

from handlers.core.pacing import Pacer


def test_a_lone_message_does_not_wait() -> None:
    assert Pacer(0.5).wait(100.0) == 0


def test_a_burst_is_spaced_evenly() -> None:
    pacer = Pacer(0.5)
    assert [pacer.wait(100.0) for _ in range(4)] == [0, 0.5, 1.0, 1.5]


def test_idle_time_is_not_saved_up_for_a_burst() -> None:
    pacer = Pacer(0.5)
    pacer.wait(0.0)
    assert [pacer.wait(100.0) for _ in range(2)] == [0, 0.5]


def test_ten_thousand_at_fourteen_a_second_start_within_a_tenth_of_the_floor() -> None:
    """Two environments share the rate; each works its own half, as Lambda's MaximumConcurrency of 2 does."""
    pacers, clocks = [Pacer(2 / 14) for _ in range(2)], [0.0, 0.0]
    for message in range(10_000):
        turn = message % 2
        clocks[turn] += pacers[turn].wait(clocks[turn])
    assert max(clocks) == pytest.approx(10_000 / 14, rel=0.1)
