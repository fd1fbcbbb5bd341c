"""Shows a bill beside the brief's and beside hosted form services."""

import json

from rich.console import Console
from rich.table import Table

from ops.cost.model import Line, Load
from ops.cost.prices import BRIEF_USD, HOSTED, PRICES


def totals(lines: list[Line]) -> tuple[float, float]:
    """US dollars a month: with the always-free tiers, and without."""
    return sum(line.with_free for line in lines), sum(line.without_free for line in lines)


def as_json(load: Load, lines: list[Line]) -> str:
    with_free, without_free = totals(lines)
    return json.dumps(
        {
            "load": vars(load),
            "with_always_free_tiers": round(with_free, 4),
            "without_free_tiers": round(without_free, 4),
            "brief": BRIEF_USD,
            "items": [_item(line) for line in lines],
            "hosted": [vars(hosted) | {"per_thousand": hosted.per_thousand} for hosted in HOSTED],
        }
    )


def _item(line: Line) -> dict[str, object]:
    price = PRICES[line.item.price]
    return {
        "what": line.item.what,
        "fixed": line.item.fixed,
        "quantity": line.item.quantity,
        **vars(price),
        "with_always_free_tiers": line.with_free,
        "without_free_tiers": line.without_free,
    }


def show(load: Load, lines: list[Line], console: Console) -> None:
    with_free, without_free = totals(lines)
    console.print(
        f"A month with {load.messages:,} messages and {load.requests:,} requests, us-east-1, US dollars"
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for name in ("quantity", "", "with free tiers", "without"):
        table.add_column(name, justify="left" if name == "" else "right")
    for line in sorted(lines, key=lambda line: (not line.item.fixed, -line.without_free)):
        name = f"{line.item.what} (fixed)" if line.item.fixed else line.item.what
        unit = PRICES[line.item.price].unit
        quantity = f"{line.item.quantity:,.4g}" if line.item.quantity < 1 else f"{line.item.quantity:,.0f}"
        table.add_row(name, quantity, unit, f"{line.with_free:.4f}", f"{line.without_free:.4f}")
    table.add_row("Sum", "", "", f"{with_free:.2f}", f"{without_free:.2f}", style="bold")
    console.print(table)
    _compare(load, with_free, without_free, console)


def _compare(load: Load, with_free: float, without_free: float, console: Console) -> None:
    console.print(
        f"\nThe brief says {BRIEF_USD:.2f} for 1,000 mails and 30,000 requests. Per 1,000 messages:"
    )
    table = Table(box=None, pad_edge=False, show_header=False)
    if load.messages:
        thousands = load.messages / 1000
        table.add_row("ContactFlow", f"{with_free / thousands:.2f}", "with the always-free tiers")
        table.add_row("", f"{without_free / thousands:.2f}", "without them")
    for hosted in HOSTED:
        plan = f"{hosted.plan}, {hosted.usd:.0f} for {hosted.submissions:,}"
        table.add_row(hosted.service, f"{hosted.per_thousand:.2f}", f"{plan}; {hosted.source}, {hosted.read}")
    console.print(table)
    console.print(
        "Prices, their sources and dates: ops/cost/prices.py. Guesses, all high: ops/cost/model.py. "
        "The 12 free months of a new account, taxes and your time are not counted."
    )
