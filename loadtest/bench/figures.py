"""Arithmetic of the bench, and what a question's answer is made of."""

import os
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Spread:
    """Of a few measurements of the same thing."""

    least: float
    middle: float
    most: float

    def __str__(self) -> str:
        return f"{figure(self.middle)} ({figure(self.least)} to {figure(self.most)})"


def spread(values: Sequence[float]) -> Spread:
    return Spread(min(values), median(values), max(values))


def percentile(values: Iterable[float], share: float) -> float:
    """The least value that `share` of all do not pass. Raises ValueError for none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("a percentile of nothing")
    # Rounded first: 0.07 * 100 is 7.000000000000001 in binary.
    return ordered[max(0, ceil(round(share * len(ordered), 6)) - 1)]


def ratios(ours: Sequence[float], others: Sequence[float]) -> Spread:
    """Ours by the other's, round by round: what slows the machine for a round slows both of its halves."""
    return spread([our / other for our, other in zip(ours, others, strict=True)])


def rounds(number: int, sides: Mapping[str, Callable[[], Any]]) -> dict[str, list[Any]]:
    """Each side in turn, `number` times; every second round backwards, so that neither always comes first."""
    found: dict[str, list[Any]] = {name: [] for name in sides}
    for turn in range(number):
        for name in list(sides)[:: 1 if turn % 2 == 0 else -1]:
            found[name].append(sides[name]())
    return found


def figure(value: float) -> str:
    """Three significant digits, and no fewer than the whole part has."""
    if value == 0:
        return "0"
    digits = 2 if abs(value) < 1 else max(0, 3 - len(str(int(abs(value)))))
    return f"{value:,.{digits}f}"


@dataclass(frozen=True)
class Answer:
    """A table for people, with what has to be known beside it, and the same as numbers."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Mapping[str, Any]
    note: str
    target: str

    def markdown(self) -> str:
        lines = [self.head, ["---"] * len(self.head), *self.rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{table}\n\n{self.note}\n\n{self.target}\n"


def machine() -> str:
    """What every number here depends on."""
    load = " / ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} CPUs ({platform.machine()}), CPython {platform.python_version()}, "
        f"load average {load} when it began"
    )
