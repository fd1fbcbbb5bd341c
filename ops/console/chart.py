"""Charts as numbers for a template: shapes in a box of 100 by 100, which the page stretches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ops.console.overview import KINDS, Bucket

#: Of a bar's share of the width; the rest is air.
_BAR = 0.72
_ROUND = (0.2, 0.4, 0.6, 0.8, 1)


@dataclass(frozen=True)
class Shape:
    """A part of a bar; `kind` chooses the colour."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Bars:
    top: int
    bars: list[tuple[Bucket, list[Shape]]]


@dataclass(frozen=True)
class Lines:
    """`paths` by name, as SVG path data; a value without a neighbour is a short stroke."""

    top: float
    paths: dict[str, str]


def bars(buckets: Sequence[Bucket]) -> Bars:
    top = ceiling(max((bucket.total for bucket in buckets), default=0))
    step = 100 / max(len(buckets), 1)
    return Bars(int(top), [(bucket, _stack(bucket, n * step, step, top)) for n, bucket in enumerate(buckets)])


def _stack(bucket: Bucket, left: float, step: float, top: float) -> list[Shape]:
    shapes, ground = [], 100.0
    for kind in KINDS:
        if height := 100 * bucket.kinds[kind] / top:
            ground -= height
            x = left + step * (1 - _BAR) / 2
            shapes.append(Shape(kind, *(round(number, 2) for number in (x, ground, step * _BAR, height))))
    return shapes


def lines(series: Mapping[str, Sequence[float | None]]) -> Lines:
    values = [value for line in series.values() for value in line if value is not None]
    top = ceiling(max(values, default=0))
    return Lines(top, {name: _path(line, top) for name, line in series.items()})


def _path(values: Sequence[float | None], top: float) -> str:
    step = 100 / max(len(values), 1)
    points = [
        None if value is None else ((number + 0.5) * step, 100 - 100 * value / top)
        for number, value in enumerate(values)
    ]
    parts = []
    for before, point in pairwise([None, *points]):
        if point is None:
            continue
        x, y = point
        start = f"M{x - step / 4:.2f} {y:.2f}L{x + step / 4:.2f} {y:.2f}"
        parts.append(f"L{x:.2f} {y:.2f}" if before else f"{start}M{x:.2f} {y:.2f}")
    return "".join(parts)


def ceiling(value: float) -> float:
    """The next round number: where an axis ends. Never 0."""
    # Halves are of an even number, for there is a line in the middle.
    size = 10.0
    while size < value:
        size *= 10
    return next(step for step in (size * share for share in _ROUND) if step >= value)
