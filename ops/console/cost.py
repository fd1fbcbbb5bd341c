"""What this month has cost so far, by the model of `contactflow cost`."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from handlers.core import times
from ops.cost import model
from ops.cost.counted import Counted, count
from ops.review.table import Entry

#: Nothing here counts requests; these many are the example of `contactflow cost`, and high.
REQUESTS_PER_MESSAGE = 30


@dataclass(frozen=True)
class Cost:
    """US dollars since the month began: with AWS's always-free tiers, and without."""

    messages: int
    with_free: float
    without_free: float


def so_far(entries: Iterable[Entry], now: datetime) -> Cost:
    """Standing costs by the days that have passed, the others by the messages; what was forgotten is not counted."""
    start = times.iso(now.replace(day=1, hour=0, minute=0, second=0, microsecond=0))
    messages = sum(entry.accepted_at >= start for entry in entries)
    passed = (now.day - 1 + now.hour / 24) / monthrange(now.year, now.month)[1]
    load = model.Load(messages, messages * REQUESTS_PER_MESSAGE)
    lines = [(line, passed if line.item.fixed else 1.0) for line in model.bill(load, _counted())]
    return Cost(
        messages,
        sum(line.with_free * share for line, share in lines),
        sum(line.without_free * share for line, share in lines),
    )


@cache
def _counted() -> Counted:
    # It reads the template and every handler, which do not change while this process runs.
    return count()
