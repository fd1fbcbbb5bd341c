"""One action on many messages: what it would touch, then item by item, until it is done or told to stop."""

import signal
import threading
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import FrameType
from typing import Protocol

from ops.review.audit import State, Verb
from ops.review.index import Item
from ops.review.planning import UNDELIVERED, Intent, NotAllowedError


class Actor(Protocol):
    """The workbench's part in it."""

    def act(self, item: Item, intent: Intent) -> State:
        """Raise NotAllowedError."""


@dataclass(frozen=True)
class Result:
    message_id: str
    done: bool
    #: why not, if not
    problem: str = ""


@dataclass(frozen=True)
class Preview:
    """What an action would be done to, and what it leaves alone for which reason."""

    chosen: list[Item]
    skipped: list[tuple[Item, str]]

    @property
    def causes(self) -> list[tuple[str, int]]:
        return Counter(item.cause for item in self.chosen).most_common()


def preview(
    items: Iterable[Item], verb: Verb, *, even_if_sent: bool, even_if_old: bool, to: str = ""
) -> Preview:
    """Sending again asks for caution, closing does not. `to` is the address to send to, if one was named."""
    chosen: list[Item] = []
    skipped: list[tuple[Item, str]] = []
    for item in items:
        sends = verb in (Verb.RETRY, Verb.DELIVER)
        careful = item.may_have_reached(to) if to else item.may_have_been_sent
        if sends and not to and item.record.status in UNDELIVERED:
            skipped.append((item, f"its status is {item.record.status}: say --to which address it shall go"))
        elif sends and careful and not even_if_sent:
            skipped.append((item, "SES may have sent it already: see `dlq show`, then add --even-if-sent"))
        elif sends and item.is_stale and not even_if_old:
            skipped.append((item, "it has waited for more than 7 days: add --even-if-old"))
        else:
            chosen.append(item)
    return Preview(chosen, skipped)


def run(
    bench: Actor, items: Iterable[Item], intent: Intent, rate: float, stop: threading.Event
) -> Iterator[Result]:
    """`rate` is a second; the intent's action id is the batch's. An item begun is finished before it stops."""
    batch = uuid.UUID(intent.action_id)
    for number, item in enumerate(items):
        if stop.wait(1 / rate if number else 0):
            return
        own = replace(intent, action_id=str(uuid.uuid5(batch, item.message_id)))
        yield _one(bench, item, own)


def _one(bench: Actor, item: Item, intent: Intent) -> Result:
    try:
        state = bench.act(item, intent)
    except NotAllowedError as problem:
        return Result(item.message_id, done=False, problem=str(problem))
    if state is State.REFUSED:
        return Result(item.message_id, done=False, problem="somebody changed it after you looked")
    return Result(item.message_id, done=True)


@contextmanager
def stopped_by_ctrl_c() -> Iterator[threading.Event]:
    """Set by the first Ctrl-C, instead of an exception between two writes."""
    stop = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = signal.signal(signal.SIGINT, note)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)
