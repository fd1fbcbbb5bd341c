"""`python -m loadtest.scale` writes tables and chart of docs/scale.md; --check compares them with the files."""

import sys
from collections.abc import Iterator
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from loadtest import charts
from loadtest.capacity import Load as Requests
from loadtest.capacity import Outcome, plans, simulate, slowest
from loadtest.quotas import Quota, Settings, delivery, from_template, intake
from ops.cost.counted import ROOT, count
from ops.cost.model import Load, bill
from ops.cost.prices import PRICES

PAGE = ROOT / "docs" / "scale.md"
CHART = ROOT / "docs" / "images" / "scale.svg"
_MONTH_SECONDS = 730 * 3_600
#: Guess: half a second in one 64 MB chunk.
_EXPRESS_GB_SECONDS = 0.5 * 64 / 1024
_RATES, _SECONDS = (100, 1_000, 10_000), 60.0


def written() -> dict[Path, str]:
    """What the page and the chart have to hold."""
    default = from_template(yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8")))
    transitions = count().transitions
    outcomes = {
        (name, rate): simulate(Requests(rate, _SECONDS), settings, transitions)
        for name, settings in plans(default).items()
        for rate in _RATES
    }
    page = PAGE.read_text(encoding="utf-8")
    tables = {
        "runs": _runs(outcomes, default, transitions),
        "needs": _needs(default, transitions),
        "price": _prices(),
    }
    for name, lines in tables.items():
        page = _between(page, name, "\n".join(lines))
    return {PAGE: page, CHART: _chart(outcomes)}


def _between(page: str, name: str, text: str) -> str:
    """Put `text` between the two comments of that name. Raises ValueError if they are not there."""
    begin, end = f"<!-- generated, {name}: begin -->\n", f"\n<!-- generated, {name}: end -->"
    head, rest = page.split(begin)
    return head + begin + text + end + rest.split(end)[1]


def _runs(outcomes: dict[tuple[str, int], Outcome], default: Settings, transitions: int) -> Iterator[str]:
    yield "| requests/s for a minute | setting | accepted | 429 | first to bind | drain after it | sets the drain |"
    yield "| ---: | --- | ---: | ---: | --- | ---: | --- |"
    for rate in _RATES:
        for name, settings in plans(default).items():
            outcome = outcomes[name, rate]
            first = min(outcome.bound, key=lambda stage: outcome.bound[stage], default="nothing")
            slow = slowest(settings, transitions)
            sets = f"{slow.name}, {slow.messages:,.0f}/s" if outcome.drain > 1 else "-"
            yield (
                f"| {rate:,} | {name} | {outcome.accepted:,.0f} | {outcome.refused:,.0f} | {first} "
                f"| {duration(outcome.drain)} | {sets} |"
            )


def _needs(default: Settings, transitions: int) -> Iterator[str]:
    columns = " | ".join(f"{rate:,}/s" for rate in _RATES)
    yield f"| limit, in units a second | as it comes | {columns} | how to raise it | source |"
    yield f"| --- | ---: | {' | '.join('---:' for _ in _RATES)} | --- | --- |"
    for quota in (*intake(default), *delivery(default, transitions)):
        needed = " | ".join(_need(quota, rate) for rate in _RATES)
        source = f"[AWS]({quota.source}), {quota.read}" if quota.source.startswith("https") else quota.source
        yield f"| {quota.name} | {quota.rate:,.0f} | {needed} | {quota.remedy} | {source} |"


def _need(quota: Quota, rate: float) -> str:
    return "enough" if quota.messages >= rate else f"**{rate * quota.each:,.0f}**"


def _prices() -> Iterator[str]:
    """List prices of the first tier, no free tier: three requests a message, all delivered."""
    counted = count()
    yield "| messages, round the clock | a month | all, US dollars | SES | Step Functions | Express instead |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, each_second in (("10,000 an hour", 10_000 / 3_600), ("100/s", 100.0), ("1,000/s", 1_000.0)):
        messages = round(each_second * _MONTH_SECONDS)
        lines = bill(Load(messages, 3 * messages), counted)
        of = {price: sum(line.without_free for line in lines if line.item.price == price) for price in PRICES}
        express = messages * (
            PRICES["express_request"].usd + _EXPRESS_GB_SECONDS * PRICES["express_gb_second"].usd
        )
        yield (
            f"| {name} | {messages:,} | {sum(of.values()):,.0f} | {of['mail']:,.0f} | {of['transition']:,.0f} "
            f"| {express:,.0f} |"
        )


def _chart(outcomes: dict[tuple[str, int], Outcome]) -> str:
    """The backlog of the minute at 1,000/s, for the settings that accept it all; the first hour."""
    hour = 3_600.0
    series = {}
    for (name, rate), outcome in outcomes.items():
        if rate == 1_000 and not outcome.refused:  # noqa: PLR2004 - one of _RATES
            points = [point for point in outcome.backlog if point[0] <= hour]
            series[name] = points[:: max(1, len(points) // 200)] + points[-1:]
    return charts.lines("Messages waiting: 1,000 requests/s for a minute", series, "s")


def duration(seconds: float) -> str:
    if seconds < 1:
        return "0 s"
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:,.0f} s"


def main(arguments: list[str]) -> int:
    texts = written()
    if "--check" in arguments:
        return int(
            any(not file.exists() or file.read_text(encoding="utf-8") != text for file, text in texts.items())
        )
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
