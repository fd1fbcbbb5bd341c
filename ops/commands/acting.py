"""What the acting commands share: preview, confirm, act item by item, say what became of each."""

import uuid
from dataclasses import dataclass
from typing import Any

import typer

from ops.commands import dlq
from ops.commands.session import INTERRUPTED, confirm, fail, say, say_json, warn
from ops.review import bulk, harmless
from ops.review.audit import Verb
from ops.review.bulk import Preview, Result
from ops.review.index import Item, as_dict, submission
from ops.review.planning import Intent
from ops.review.workbench import Workbench
from schemas.record import Status


@dataclass(frozen=True)
class Order:
    """What the person asked for."""

    verb: Verb
    ids: list[str]
    where: list[str]
    why: str = ""
    subject: str = ""
    rate: float = 10.0
    even_if_sent: bool = False
    even_if_old: bool = False
    dry_run: bool = False
    yes: bool = False
    as_json: bool = False
    #: an address to send to
    to: str = ""
    #: where to look if `where` says which
    state: Status = Status.REVIEW


def carry_out(bench: Workbench, order: Order) -> None:
    if bool(order.ids) == (bool(order.where) or order.state is not Status.REVIEW):
        raise fail("say which: message ids, or --where", 2)
    wanted = dlq.selected(order.where)
    if not order.dry_run:
        finish_intended(bench)
    found = (
        [dlq.existing(bench, message_id) for message_id in dict.fromkeys(order.ids)]
        if order.ids
        else [item for item in bench.items(order.state) if wanted.takes(item)]
    )
    seen = bulk.preview(
        found, order.verb, even_if_sent=order.even_if_sent, even_if_old=order.even_if_old, to=order.to
    )
    if not order.as_json:
        _show(bench, seen, order)
    if order.dry_run or not seen.chosen:
        _end(order, seen, [], left=0)
        return
    confirm(f"{order.verb} {_messages(seen)}?", yes=order.yes, as_json=order.as_json)
    results = _act(bench, order, seen.chosen)
    left = len(seen.chosen) - len(results)
    if left == 0:
        bench.sweeping().run()
    _end(order, seen, results, left)


def finish_intended(bench: Workbench) -> None:
    for row, state in bench.finish_intended():
        warn(f"finished what was left of an earlier run: {row.verb} {row.target} by {row.actor}: {state}")


def _act(bench: Workbench, order: Order, chosen: list[Item]) -> list[Result]:
    intent = Intent(str(uuid.uuid4()), order.verb, bench.actor, order.why, order.subject, order.to)
    results: list[Result] = []
    with bulk.stopped_by_ctrl_c() as stop:
        for result in bulk.run(bench, chosen, intent, order.rate, stop):
            results.append(result)
            if not order.as_json:
                say(
                    f"{'done' if result.done else 'refused':8} {result.message_id}  {result.problem}".rstrip()
                )
    return results


def _show(bench: Workbench, seen: Preview, order: Order) -> None:
    for cause, count in seen.causes:
        say(f"{count:6} x {harmless.line(cause)}")
    for item, why in seen.skipped:
        say(f"{'skipped':8} {item.message_id}  {why}")
    if order.subject and seen.chosen:
        say(f"- {harmless.line(str(submission(seen.chosen[0].record).get('subject', '')))}")
        say(f"+ {harmless.line(order.subject)}")
    if order.to and seen.chosen:
        for address in sorted(
            {bench.recipient(item.record) or "nobody" for item in seen.chosen} - {order.to}
        ):
            say(f"- to {address}")
        say(f"+ to {order.to}")
    say(f"{order.verb}: {_messages(seen)}, {len(seen.skipped)} skipped.")


def _end(order: Order, seen: Preview, results: list[Result], left: int) -> None:
    """Exit code 1 if anything that was named or chosen was not done, 130 if Ctrl-C left some."""
    refused = [result for result in results if not result.done]
    if order.as_json:
        report: dict[str, Any] = {
            "action": order.verb,
            "dryRun": order.dry_run,
            "chosen": [as_dict(item) for item in seen.chosen],
            "skipped": [{"messageId": item.message_id, "problem": why} for item, why in seen.skipped],
            "results": [_as_dict(result) for result in results],
            "left": left,
        }
        say_json(report)
    if left:
        warn(f"stopped with {left} left: the same command goes on with them")
        raise typer.Exit(INTERRUPTED)
    if refused or (order.ids and seen.skipped):
        raise typer.Exit(1)


def _messages(seen: Preview) -> str:
    return "1 message" if len(seen.chosen) == 1 else f"{len(seen.chosen)} messages"


def _as_dict(result: Result) -> dict[str, Any]:
    return {"messageId": result.message_id, "done": result.done, "problem": result.problem}
