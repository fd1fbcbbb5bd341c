"""What scenarios/hooks.js wrote: one line for each answered request."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Sample:
    """`at`: milliseconds since the epoch, when the answer came; `ms`: until its first byte."""

    at: float
    status: int
    ms: float
    kind: Literal["valid", "invalid", "bot"]
    #: the message id of a 202
    id: str | None


def read(folder: Path) -> list[Sample]:
    """All workers' samples in the order of time."""
    lines = (line for file in folder.glob("*.ndjson") for line in file.read_text().splitlines())
    return sorted((Sample(**json.loads(line)) for line in lines), key=lambda sample: sample.at)


def accepted(samples: Iterable[Sample]) -> list[str]:
    return [sample.id for sample in samples if sample.id is not None]


def percentile(sorted_values: list[float], share: float) -> float:
    """The least value that `share` of all do not pass; 0 of nothing."""
    if not sorted_values:
        return 0.0
    return sorted_values[max(0, -(-int(share * 1000) * len(sorted_values) // 1000) - 1)]


def histogram(values: list[float], buckets: int) -> list[tuple[float, int]]:
    """(lower bound, number) of equal buckets up to the 99.5th percentile; the last takes the rest, too."""
    top = percentile(sorted(values), 0.995) or 1.0
    width = top / buckets
    counted = Counter(min(int(value / width), buckets - 1) for value in values)
    return [(number * width, counted[number]) for number in range(buckets)]


def per_second(moments: list[float]) -> list[tuple[float, float]]:
    """(second since the first, number in it) of moments in milliseconds, empty seconds included."""
    if not moments:
        return []
    start = min(moments)
    counted = Counter(int((moment - start) / 1000) for moment in moments)
    return [(float(second), float(counted[second])) for second in range(max(counted) + 1)]
