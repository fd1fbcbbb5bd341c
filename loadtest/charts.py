"""Charts as inline SVG: no script, no font, nothing fetched."""

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 28, 34
#: Distinct for people who see few colours (Okabe and Ito): https://jfly.uni-koeln.de/color/
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
Points = Sequence[tuple[float, float]]


def bars(title: str, values: Points, x_unit: str) -> str:
    """(lower bound, number): the histogram's buckets are equal and next to each other."""
    if not values:
        return _empty(title)
    top = _ceiling(max(number for _, number in values))
    step = values[1][0] - values[0][0] if len(values) > 1 else 1.0
    right = values[-1][0] + step
    drawn = [_axes(top, right, x_unit)]
    for low, number in values:
        x, width = _x(low, right), _x(low + step, right) - _x(low, right)
        y = _y(number, top)
        hint = f"<title>{_number(low)} to {_number(low + step)} {escape(x_unit)}: {number:,.0f}</title>"
        drawn.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(1.0, width - 1):.1f}" height="{_y(0, top) - y:.1f}" '
            f'fill="{_COLOURS[0]}">{hint}</rect>'
        )
    return _svg(title, drawn)


def lines(title: str, series: Mapping[str, Points], x_unit: str) -> str:
    """Each name's points, in the order of x."""
    points = [point for line in series.values() for point in line]
    if not points:
        return _empty(title)
    top, right = _ceiling(max(y for _, y in points)), max(x for x, _ in points) or 1.0
    drawn = [_axes(top, right, x_unit)]
    for number, (name, line) in enumerate(series.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        path = " ".join(f"{_x(x, right):.1f},{_y(y, top):.1f}" for x, y in line)
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(line) == 1:  # which a line does not show
            drawn.append(
                f'<circle cx="{_x(line[0][0], right):.1f}" cy="{_y(line[0][1], top):.1f}" r="3" fill="{colour}"/>'
            )
        drawn.append(_text(_LEFT + 8, _TOP + 10 + 14 * number, name, colour=colour))
    return _svg(title, drawn)


def ledger(title: str, columns: Mapping[str, int]) -> str:
    """One row for each column of the books."""
    top = max(columns.values(), default=0) or 1
    row = 24
    drawn = []
    for number, (name, count) in enumerate(columns.items()):
        y = _TOP + 6 + number * row
        width = (_WIDTH - 220) * count / top
        drawn.append(_text(104, y + 13, name, anchor="end"))
        drawn.append(f'<rect x="112" y="{y}" width="{width:.1f}" height="18" fill="{_COLOURS[number % 7]}"/>')
        drawn.append(_text(118 + width, y + 13, f"{count:,}"))
    return _svg(title, drawn, _TOP + 12 + row * len(columns))


def _axes(top: float, right: float, x_unit: str) -> str:
    """Three marks on each axis."""
    marks = []
    for share in (0.0, 0.5, 1.0):
        y = _y(top * share, top)
        marks.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>')
        marks.append(_text(_LEFT - 6, y + 4, _number(top * share), anchor="end"))
        anchor = ("start", "middle", "end")[int(share * 2)]
        label = f"{_number(right * share)}{' ' + x_unit if share else ''}"
        marks.append(_text(_x(right * share, right), _HEIGHT - _BOTTOM + 18, label, anchor=anchor))
    return "".join(marks)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"  # noqa: PLR2004 - where digits behind the point end


def _x(value: float, right: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * value / right


def _y(value: float, top: float) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top


def _ceiling(value: float) -> float:
    """The next of 1, 2, 5, 10 … that is not below it."""
    if value <= 0:
        return 1.0
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 10.0**-3
    while True:
        for step in (1, 2, 5):
            if step * power >= value:
                return step * power
        power *= 10


def _text(x: float, y: float, text: str, *, anchor: str = "start", colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{escape(text)}</text>'


def _empty(title: str) -> str:
    return _svg(title, [_text(_LEFT, _HEIGHT / 2, "nothing was measured")])


def _svg(title: str, drawn: Sequence[str], height: float = _HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:.0f}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="{_LEFT}" y="18" font-weight="bold" fill="#111">{escape(title)}</text>{"".join(drawn)}</svg>\n'
    )
