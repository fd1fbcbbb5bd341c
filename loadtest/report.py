"""What a run has shown, beside what the brief says: one HTML file, one Markdown table."""

import os
import platform
from collections import Counter
from dataclasses import dataclass
from html import escape

from loadtest import charts
from loadtest.artillery import Run
from loadtest.samples import Sample, accepted, histogram, per_second, percentile
from ops.reconcile import Report


@dataclass(frozen=True)
class Measured:
    """`books`, `depths` and `delivered` are None or empty where only the API was in reach."""

    scenario: str
    target: str
    run: Run
    samples: list[Sample]
    books: Report | None
    #: queue → (second, depth)
    depths: dict[str, list[tuple[float, float]]]
    #: seconds from post to delivered
    delivered: list[float]


@dataclass(frozen=True)
class Row:
    what: str
    brief: str
    here: str


def rows(measured: Measured) -> list[Row]:
    times = measured.run.response_time
    sent = measured.run.counters.get("http.requests", 0)
    taken = len(accepted(measured.samples))
    seconds = measured.run.seconds
    return [
        Row("requests", "10,000", f"{sent:,}"),
        Row("accepted (202)", "10,000 of 10,000", f"{taken:,} of {sent:,}{_refused(measured)}"),
        Row("time to first byte, mean", "287 ms", _ms(times.get("mean"))),
        Row("… least", "198 ms", _ms(times.get("min"))),
        Row("… 99th percentile", "412 ms", _ms(times.get("p99"))),
        Row("… most", "892 ms", _ms(times.get("max"))),
        Row(
            "accepted an hour, at this rate", "10,000+", f"{taken / seconds * 3600:,.0f}" if seconds else "-"
        ),
        *_ledger(measured),
    ]


def _ledger(measured: Measured) -> list[Row]:
    if measured.books is None:
        return [Row("delivered, in review, lost", "99.9 %, 5 %, -", "not counted: only the API was in reach")]
    columns, taken = measured.books.columns, max(1, measured.books.accepted)
    bots = sum(sample.kind == "bot" and sample.status == 202 for sample in measured.samples)  # noqa: PLR2004 - HTTP
    people = max(1, taken - bots)
    told = sorted(measured.delivered)
    return [
        Row("delivered, of what people sent", "99.9 %", f"{columns['delivered'] / people:.2%}"),
        Row("in review, of what people sent", "5 %", f"{max(0, columns['in review'] - bots) / people:.2%}"),
        Row("bots held for review", "-", f"{min(bots, columns['in review']):,} of {bots:,}"),
        Row(
            "post to delivered, median and 99 %",
            "-",
            f"{percentile(told, 0.5):.1f} s, {percentile(told, 0.99):.1f} s",
        ),
        Row("books, id by id", "-", _books(measured.books)),
    ]


def _books(report: Report) -> str:
    return (
        f"{report.accepted:,} accepted, all accounted for"
        if report.clean
        else f"{len(report.problems)} do not fit"
    )


def _refused(measured: Measured) -> str:
    codes = Counter(sample.status for sample in measured.samples)
    others = ", ".join(f"{number:,} x {code}" for code, number in sorted(codes.items()) if code != 202)  # noqa: PLR2004
    errors = sum(n for name, n in measured.run.counters.items() if name.startswith("errors."))
    return "".join(
        f"; {text}" for text in (others, f"{errors:,} without an answer" if errors else "") if text
    )


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f} ms"


def machine() -> str:
    return f"{os.cpu_count()} processors, {platform.system()}, CPython {platform.python_version()}"


def markdown(measured: Measured) -> str:
    table = "\n".join(f"| {row.what} | {row.brief} | {row.here} |" for row in rows(measured))
    return (
        f"`{measured.scenario}` against {measured.target}; {machine()}.\n\n"
        f"| | the brief | here |\n| --- | --- | --- |\n{table}\n\n{_CAVEAT}\n"
    )


_CAVEAT = (
    "Milliseconds of a local run are this machine's, with load generator and system on the same processors; "
    "they say nothing about AWS's. What carries over: that nothing accepted is lost, and where what is not "
    "delivered ends up."
)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#111}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem .6rem;text-align:left}"
    "svg{width:100%;height:auto;margin:1rem 0}"
)


def html(measured: Measured) -> str:
    body = "".join(
        f"<tr><th scope=row>{escape(row.what)}</th><td>{escape(row.brief)}</td><td>{escape(row.here)}</td></tr>"
        for row in rows(measured)
    )
    title = f"Load test: {escape(measured.scenario)}"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style>'
        f"<h1>{title}</h1><p>{escape(measured.target)}; {escape(machine())}.</p>"
        f"<table><tr><td></td><th scope=col>the brief</th><th scope=col>here</th></tr>{body}</table>"
        f"<p>{escape(_CAVEAT)}</p>{''.join(_charts(measured))}</html>\n"
    )


def _charts(measured: Measured) -> list[str]:
    waits = [sample.ms for sample in measured.samples]
    answered = per_second([sample.at for sample in measured.samples])
    taken = per_second([sample.at for sample in measured.samples if sample.id is not None])
    drawn = [
        charts.bars("Time to first byte: answers", histogram(waits, 40), "ms"),
        charts.lines("Answers a second", {"all": answered, "accepted": taken}, "s"),
    ]
    if measured.books is not None:
        told = sorted(measured.delivered)
        share = [(seconds, 100 * (number + 1) / len(told)) for number, seconds in enumerate(told)]
        drawn += [
            charts.lines("Messages in the queues", measured.depths, "s"),
            charts.lines("Delivered after so many seconds, %", {"share of the delivered": share}, "s"),
            charts.ledger("What became of what was accepted", measured.books.columns),
        ]
    return drawn
