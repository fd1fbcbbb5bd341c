import threading

import pytest

from ops.local.schedule import Schedule, UnknownScheduleError, seconds


@pytest.mark.parametrize(
    ("expression", "expected"),
    [("rate(5 minutes)", 300), ("rate(1 minute)", 60), ("rate(2 hours)", 7200), ("rate(1 day)", 86_400)],
)
def test_a_rate_is_read_as_eventbridge_writes_it(expression: str, expected: float) -> None:
    assert seconds(expression) == expected


@pytest.mark.parametrize("expression", ["cron(0 12 * * ? *)", "rate(5 fortnights)", ""])
def test_a_schedule_that_is_not_emulated_is_refused(expression: str) -> None:
    with pytest.raises(UnknownScheduleError):
        seconds(expression)


def test_a_target_is_invoked_again_and_again_until_it_is_stopped() -> None:
    thrice = threading.Semaphore(0)
    schedule = Schedule(0.001, thrice.release)
    assert all(thrice.acquire(timeout=30) for _ in range(3))
    schedule.stop()
