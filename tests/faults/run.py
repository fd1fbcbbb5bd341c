"""One run: visitors under faults → calm → everything settled → what is wrong, if anything."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from ops.reconcile import COLUMNS
from tests.faults import visitors, weather
from tests.faults.evidence import Evidence, Observer
from tests.faults.project import Running
from tests.faults.visitors import CANARY, Seen

_SETTLED = frozenset().union(*(held for name, held in COLUMNS.items() if name != "in transit"))
#: Seconds after the last fault: a deadline, a sweep and a few visibility timeouts need a minute at most.
_PATIENCE = 180.0


@dataclass(frozen=True)
class Run:
    seen: Seen
    evidence: Evidence
    injected: dict[str, int]
    #: exit code of `contactflow reconcile --accepted FILE --json`, and what it printed
    reconciled: int
    books: str

    @property
    def ends(self) -> Counter[str]:
        """How many accepted messages ended in each state."""
        return Counter(self.evidence.records.get(id_, ("lost", ""))[0] for id_ in self.seen.accepted)


def run(running: Running, messages: int, seed: int) -> Run:
    observer = Observer(running)
    running.seed(seed)
    weather.begin(running, messages)
    seen = visitors.visit(running.stack, messages, seed, weather.course(running, messages))
    weather.end(running)
    _wait_until_settled(observer)
    weather.forgive(running)
    # Before the review items are read, which hides them from the next reader.
    reconciled = _reconcile(running, seen)
    return Run(
        seen=seen,
        evidence=observer.gather(),
        injected=running.report()["injected"],
        reconciled=reconciled[0],
        books=reconciled[1],
    )


def _wait_until_settled(observer: Observer) -> None:
    end = monotonic() + _PATIENCE
    while left := observer.in_transit():
        assert monotonic() < end, f"still in transit: {left}"
        sleep(1)


def _reconcile(running: Running, seen: Seen) -> tuple[int, str]:
    accepted = Path(running.tree, "accepted.txt")
    accepted.write_text("\n".join(sorted(seen.accepted)))
    done = running.contactflow("reconcile", "--accepted", str(accepted), "--json")
    return done.returncode, done.stdout + done.stderr


def not_in_an_end_state(run: Run) -> dict[str, str]:
    """Accepted ids that are lost or on their way for ever."""
    states = {id_: run.evidence.records.get(id_, ("lost", ""))[0] for id_ in run.seen.accepted}
    return {id_: state for id_, state in states.items() if state not in _SETTLED}


def sent_twice(run: Run) -> dict[tuple[str, str], int]:
    """By message id and kind; nobody has replayed anything."""
    return {mail: times for mail, times in run.evidence.mails.items() if times > 1}


def not_in_the_review_queue(run: Run) -> dict[str, str]:
    """Messages in review for whose reason there is no item in the review queue."""
    items = {(item["messageId"], item["reason"]) for item in review_items(run)}
    records = run.evidence.records.items()
    return {
        id_: reason for id_, (status, reason) in records if status == "review" and (id_, reason) not in items
    }


def review_items(run: Run) -> list[dict[str, str]]:
    """What the system itself put there."""
    return [item for body in run.evidence.review if "reason" in (item := json.loads(body))]


def dead_letters(run: Run) -> list[str]:
    """What SQS put there as it was, after five receives: the text of a visitor, or an event of SES."""
    return [body for body in run.evidence.review if "reason" not in json.loads(body)]


def canaries(run: Run) -> dict[str, str]:
    """Where a visitor's text came out, with some of it."""
    evidence = run.evidence
    places = evidence.writings | {
        "review queue": json.dumps(review_items(run)),
        "alerts": "\n".join(evidence.alerts),
        "answers": "\n".join(run.seen.told),
        "reconcile": run.books,
    }
    found = {place: text.lower().find(CANARY) for place, text in places.items()}
    return {place: places[place][max(0, at - 200) : at + 80] for place, at in found.items() if at >= 0}
