"""Visitors: they post texts full of canaries, repeat what failed, and note each id that got a 2xx."""

import random
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

import httpx

from tests.flow.stack import JSON, LocalStack

#: In every text that a visitor types, and nowhere else.
CANARY = "canary"
_VISITORS = 16
_TRIES = 4
#: Seconds that a visitor stays for news of a message before writing the next one.
_STAYS = 4.0
_UNDECIDED = {"404", "queued", "sending"}


@dataclass
class Seen:
    """What the visitors know: all ids that got a 2xx, those of held messages, and the answers to all posts."""

    accepted: set[str] = field(default_factory=set)
    held: set[str] = field(default_factory=set)
    answers: Counter[int | str] = field(default_factory=Counter)
    #: bodies of answers, by which no text of a visitor may come back
    told: set[str] = field(default_factory=set)


def submission(number: int, kind: str, message_id: str) -> dict[str, Any]:
    """Every field has a canary of its own."""
    mark = f"{CANARY}{number:05}x"
    fields = {name: f"{mark}{name}" for name in ("subject", "message", "name")}
    fields |= {"email": f"{mark}email@{mark}domain.example", "submissionId": message_id}
    match kind:
        case "held":
            fields["website"] = f"https://{mark}website.example"
        case "invalid":
            fields["email"] = f"{mark} is no address"
        case "extra":
            fields[f"{mark}key"] = f"{mark}value"
    return fields


def visit(stack: LocalStack, messages: int, seed: int, progress: Callable[[int], None]) -> Seen:
    """Post so many messages, `_VISITORS` at a time; `progress` is told after each."""
    chosen = random.Random(seed)  # noqa: S311 - a repeatable run, no secret
    kinds = ["plain"] * 90 + ["held"] * 5 + ["invalid"] * 3 + ["extra"] * 2
    orders = [
        (number, chosen.choice(kinds), str(uuid.UUID(int=chosen.getrandbits(128), version=4)))
        for number in range(messages)
    ]
    seen, lock, done = Seen(), threading.Lock(), iter(range(1, messages + 1))

    def one(order: tuple[int, str, str]) -> None:
        number, kind, message_id = order
        body = submission(number, kind, message_id)
        # Some people click twice.
        for _ in range(2 if number % 20 == 0 else 1):
            answer = _post(stack, body, seen, lock)
            if answer is not None and answer.status_code == 202:
                with lock:
                    seen.accepted.add(message_id)
                    if kind == "held":
                        seen.held.add(message_id)
                _stay(stack, message_id)
        with lock:
            progress(next(done))

    with ThreadPoolExecutor(_VISITORS) as pool:
        list(pool.map(one, orders))
    return seen


def _post(stack: LocalStack, body: dict[str, Any], seen: Seen, lock: threading.Lock) -> httpx.Response | None:
    """As the page does: the same id again after an error of the server."""
    answer = None
    for attempt in range(_TRIES):
        answer = stack.http.post(f"{stack.api}/sendEmail", json=body, headers=JSON)
        with lock:
            seen.answers[answer.status_code] += 1
            seen.told.add(answer.text)
        if answer.status_code < 500:
            break
        sleep(0.5 * 2**attempt)
    return answer


def _stay(stack: LocalStack, message_id: str) -> None:
    """Look for news; so many messages at once stay in transit, and no deadline passes for want of speed."""
    end = monotonic() + _STAYS
    while stack.status(message_id) in _UNDECIDED and monotonic() < end:
        sleep(0.6)
