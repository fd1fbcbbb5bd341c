"""`python -m tests.faults --messages 2000`: a run, its faults and its ends. Exit code 1 if anything is wrong."""

import argparse
import tempfile
from collections import Counter
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table

from tests.faults import project
from tests.faults.run import (
    Run,
    canaries,
    dead_letters,
    not_in_an_end_state,
    not_in_the_review_queue,
    review_items,
    run,
    sent_twice,
)


def main() -> int:
    arguments = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    arguments.add_argument("--messages", type=int, required=True)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        project.copied(Path(folder), project.FASTER)
        with project.started(Path(folder)) as running:
            done = run(running, chosen.messages, chosen.seed)
    console = Console(highlight=False)
    show(done, console)
    console.print(f"{chosen.messages} messages, seed {chosen.seed}, {monotonic() - began:.0f} s")
    return report(wrongs(done), console)


def wrongs(done: Run) -> dict[str, object]:
    """Each promise that was broken, with the ids."""
    found: dict[str, object] = {
        "not in an end state": not_in_an_end_state(done),
        "sent twice": sent_twice(done),
        "not in the review queue": not_in_the_review_queue(done),
        "canaries": canaries(done),
        "reconcile": done.books if done.reconciled else "",
    }
    return {name: what for name, what in found.items() if what}


def report(wrong: dict[str, object], console: Console) -> int:
    for name, what in wrong.items():
        console.print(f"[red]{name}[/red]: {what}", soft_wrap=True)
    return 1 if wrong else 0


def show(done: Run, console: Console) -> None:
    for title, numbers in (
        ("Faults injected", done.injected),
        ("Answers to posts", {str(status): number for status, number in done.seen.answers.items()}),
        ("Ends of accepted messages", done.ends),
        ("Writings searched for canaries, bytes", {k: len(v) for k, v in done.evidence.writings.items()}),
    ):
        table = Table(title=title, title_justify="left", box=None, show_header=False)
        for name, number in sorted(numbers.items(), key=lambda pair: -pair[1]):
            table.add_row(str(number), name)
        console.print(table)
    kinds = Counter(kind for _, kind in done.evidence.mails.elements())
    mails = ", ".join(f"{number} {kind} mails" for kind, number in kinds.items())
    console.print(f"{len(done.seen.accepted)} messages accepted, {mails}, {len(done.evidence.alerts)} alerts")
    waiting = f"{len(review_items(done))} items, {len(dead_letters(done))} dead letters"
    console.print(f"In the review queue: {waiting}")


if __name__ == "__main__":
    raise SystemExit(main())
