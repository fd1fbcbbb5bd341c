"""The way of a message under AWS's quotas, simulated; loadtest/scale.py writes what comes of it into docs/scale.md.

A fluid model in steps: messages are quantities that flow from stage to stage as fast as each one's token bucket allows.
Latencies are left out; a backlog's length does not depend on them.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import simpy

from loadtest.quotas import Quota, Settings, delivery, intake

#: Seconds of one step while messages come; the drain is cut into so many.
_STEP, _DRAIN_STEPS = 0.1, 1_000


@dataclass(frozen=True)
class Load:
    """Requests a second, for so many seconds."""

    rate: float
    seconds: float


@dataclass
class Outcome:
    accepted: float = 0.0
    refused: float = 0.0
    delivered: float = 0.0
    #: seconds from the last request to the last delivery
    drain: float = 0.0
    #: stage → the second in which it first had to make something wait (or refused it)
    bound: dict[str, float] = field(default_factory=dict)
    #: (second, messages accepted and not yet delivered)
    backlog: list[tuple[float, float]] = field(default_factory=list)

    @property
    def peak(self) -> float:
        return max((waiting for _, waiting in self.backlog), default=0.0)


class Bucket:
    """A quota's tokens, counted in messages."""

    def __init__(self, quota: Quota) -> None:
        self.rate = quota.messages
        self.size = self.tokens = quota.bucket / quota.each

    def refill(self, seconds: float) -> None:
        # A step's own share fits in, however long the step.
        self.tokens = min(max(self.size, self.rate * seconds), self.tokens + self.rate * seconds)

    def take(self, wanted: float) -> float:
        taken = min(wanted, self.tokens)
        self.tokens -= taken
        return taken


class Simulation:
    """One run. A fraction of a message below `_DUST` is rounding."""

    _DUST = 1e-6

    def __init__(self, load: Load, doors: Sequence[Quota], stages: Sequence[Quota]) -> None:
        self.load, self.outcome = load, Outcome()
        self.env = simpy.Environment()
        self.doors = {quota.name: Bucket(quota) for quota in doors}
        self.stages = {quota.name: Bucket(quota) for quota in stages}
        #: what waits in front of each stage
        self.waiting = {name: simpy.Container(self.env) for name in self.stages}

    def run(self) -> Outcome:
        self.env.run(self.env.process(self._flow()))
        return self.outcome

    def _flow(self) -> Generator[simpy.Event, Any, None]:
        drain_step: float | None = None
        while self.env.now < self.load.seconds or self._left() > self._DUST:
            coming = self.env.now < self.load.seconds - self._DUST
            step = _STEP if coming else drain_step or self._drain_step()
            drain_step = None if coming else step
            for bucket in (*self.doors.values(), *self.stages.values()):
                bucket.refill(step)
            if coming:
                yield from self._admit(self.load.rate * step)
            yield from self._move()
            yield self.env.timeout(step)
            self.outcome.backlog.append((self.env.now, self._left()))
        self.outcome.drain = max(0.0, self.env.now - self.load.seconds)

    def _drain_step(self) -> float:
        return max(_STEP, self._left() / min(bucket.rate for bucket in self.stages.values()) / _DRAIN_STEPS)

    def _left(self) -> float:
        return self.outcome.accepted - self.outcome.delivered

    def _admit(self, arriving: float) -> Generator[simpy.Event, Any, None]:
        let_in = arriving
        for name, bucket in self.doors.items():
            passed = bucket.take(let_in)
            self._note(name, let_in - passed)
            let_in = passed
        self.outcome.accepted += let_in
        self.outcome.refused += arriving - let_in
        if let_in > 0:
            yield next(iter(self.waiting.values())).put(let_in)

    def _move(self) -> Generator[simpy.Event, Any, None]:
        queues = list(self.waiting.values())
        for number, (name, bucket) in enumerate(self.stages.items()):
            before = queues[number].level
            moved = bucket.take(before)
            self._note(name, before - moved)
            if moved <= 0:
                continue
            yield queues[number].get(moved)
            if number + 1 < len(queues):
                yield queues[number + 1].put(moved)
            else:
                self.outcome.delivered += moved

    def _note(self, name: str, held: float) -> None:
        if held > self._DUST:
            self.outcome.bound.setdefault(name, self.env.now)


def simulate(load: Load, settings: Settings, transitions: int) -> Outcome:
    return Simulation(load, intake(settings), delivery(settings, transitions)).run()


def slowest(settings: Settings, transitions: int) -> Quota:
    """The stage that sets the length of a drain."""
    return min(delivery(settings, transitions), key=lambda quota: quota.messages)


def plans(default: Settings) -> dict[str, Settings]:
    """What a deployer may choose, from nothing to all that this stack's files can be set to."""
    opened = replace(default, throttle_rate=10_000, throttle_burst=5_000)
    return {
        "as it comes": default,
        "API opened: ThrottleRate 10,000": opened,
        "… and SES grants 200/s": replace(opened, ses_rate=200),
        "… and 20 starters, 20 followers": replace(opened, ses_rate=200, starters=20, feedback=20),
        "… and SES grants 1,000/s, 100 of each": replace(opened, ses_rate=1_000, starters=100, feedback=100),
    }
