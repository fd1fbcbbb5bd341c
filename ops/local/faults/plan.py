"""Which faults are on, how likely each is, how many of it are left, and how many there have been."""

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Odds:
    """`rate`: probability for each occasion; `limit`: how often at most, None for no limit."""

    rate: float
    limit: int | None


class Plan:
    """Nothing is on at first; safe for use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._random = Random()  # noqa: S311 - faults to repeat, no secret
        self._odds: dict[str, Odds] = {}
        self._until: dict[str, int | None] = {}
        self._injected: Counter[str] = Counter()

    def seed(self, seed: int) -> None:
        with self._lock:
            self._random.seed(seed)

    def set(self, changes: Mapping[str, Odds]) -> None:
        """Change the odds of these faults, whose limits count from now; all others stay as they are."""
        with self._lock:
            for name, odds in changes.items():
                self._odds[name] = odds
                self._until[name] = None if odds.limit is None else self._injected[name] + odds.limit

    def strikes(self, name: str) -> bool:
        """Whether the fault happens on the occasion at hand; it then counts as injected."""
        odds = self._odds.get(name)
        if odds is None:
            return False
        with self._lock:
            until = self._until[name]
            if (until is not None and self._injected[name] >= until) or self._random.random() >= odds.rate:
                return False
            self._injected[name] += 1
            return True

    def seconds(self, at_most: float) -> float:
        with self._lock:
            return self._random.uniform(0, at_most)

    def injected(self) -> dict[str, int]:
        with self._lock:
            return dict(self._injected)
