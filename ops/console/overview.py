"""The overview's numbers, from the index's entries alone. Pure: `now` comes in."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import quantiles

from handlers.core import times
from handlers.core.delivery import ACCEPTED_BY_SES
from ops.review.table import Entry
from schemas.record import Status

#: SES reviews an account beyond these shares, and may pause it at 10 % and 0.5 %:
#: https://docs.aws.amazon.com/ses/latest/dg/faqs-enforcement.html
BOUNCE_LINE = 0.05
COMPLAINT_LINE = 0.001
_NOT_TRIED = (Status.REJECTED, Status.SUPPRESSED)
_REACHED = (Status.DELIVERED, Status.COMPLAINED)

#: What the bars are made of, from the ground up.
KINDS = {
    "delivered": (Status.DELIVERED,),
    "on the way": (Status.QUEUED, Status.SENDING, Status.SENT, Status.DELAYED),
    "held": (Status.REVIEW, Status.OUTCOME_UNKNOWN),
    "failed": (
        Status.SOFT_BOUNCED,
        Status.REJECTED,
        Status.SUPPRESSED,
        Status.BOUNCED,
        Status.COMPLAINED,
    ),
    "closed": (Status.DISCARDED,),
}
_KIND_OF = {status: kind for kind, statuses in KINDS.items() for status in statuses}


@dataclass(frozen=True)
class Window:
    """The last `steps` times `step`."""

    name: str
    step: timedelta
    steps: int


WINDOWS = {
    "hour": Window("last hour", timedelta(minutes=5), 12),
    "day": Window("last 24 hours", timedelta(hours=1), 24),
    "week": Window("last 7 days", timedelta(hours=6), 28),
    "month": Window("last 30 days", timedelta(days=1), 30),
}


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`; no share of nothing."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Rates:
    delivery: Rate
    bounce: Rate
    complaint: Rate


@dataclass(frozen=True)
class Bucket:
    """One bar: messages by kind, by when they were accepted; seconds from the click to the mail server."""

    start: datetime
    kinds: Counter[str]
    seconds: list[float]

    @property
    def total(self) -> int:
        return self.kinds.total()

    @property
    def median(self) -> float | None:
        return _quantile(self.seconds, 50)

    @property
    def slowest(self) -> float | None:
        """The 95th percentile."""
        return _quantile(self.seconds, 95)


def counts(entries: Iterable[Entry]) -> Counter[Status]:
    return Counter(entry.status for entry in entries)


def rates(counted: Counter[Status]) -> Rates:
    """Of the mails that SES tried: what it refused or suppressed itself counts for no rate."""
    tried = sum(counted[status] for status in ACCEPTED_BY_SES if status not in _NOT_TRIED)
    ended = tried - counted[Status.SENT] - counted[Status.DELAYED]
    return Rates(
        Rate(sum(counted[status] for status in _REACHED), ended),
        Rate(counted[Status.BOUNCED], tried),
        Rate(counted[Status.COMPLAINED], tried),
    )


def oldest_in_review(entries: Iterable[Entry]) -> Entry | None:
    held = (entry for entry in entries if entry.status is Status.REVIEW)
    return min(held, key=lambda entry: entry.accepted_at, default=None)


def within(entries: Iterable[Entry], window: Window, now: datetime) -> list[Entry]:
    start = times.iso(_starts(window, now)[0])
    return [entry for entry in entries if entry.accepted_at >= start]


def buckets(entries: Iterable[Entry], window: Window, now: datetime) -> list[Bucket]:
    """The oldest first, the last one not yet over."""
    starts = _starts(window, now)
    found = [Bucket(start, Counter(), []) for start in starts]
    for entry in entries:
        accepted = times.parse(entry.accepted_at)
        number = (accepted - starts[0]) // window.step
        if 0 <= number < window.steps:
            found[number].kinds[_KIND_OF[entry.status]] += 1
            if entry.status is Status.DELIVERED and entry.settled_at:
                found[number].seconds.append((times.parse(entry.settled_at) - accepted).total_seconds())
    return found


def _starts(window: Window, now: datetime) -> list[datetime]:
    epoch = datetime.fromtimestamp(0, UTC)
    last = epoch + (now - epoch) // window.step * window.step
    return [last - window.step * back for back in reversed(range(window.steps))]


def _quantile(values: list[float], percent: int) -> float | None:
    if len(values) < 2:  # noqa: PLR2004 - quantiles needs two
        return values[0] if values else None
    return quantiles(values, n=100, method="inclusive")[percent - 1]
