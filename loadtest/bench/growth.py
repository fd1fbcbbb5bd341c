"""A burst, its way to the last mailbox entry, and what a message costs as there are more of them."""

import time
from collections import Counter
from dataclasses import dataclass

from loadtest.bench import client, sides
from loadtest.bench.figures import Answer, figure
from tests.flow.stack import LocalStack, started

#: Messages in all at the end of each leg; the last is 50,000 at SCALE=50.
_LEGS = (250, 500, 1000)
_CLIENTS = 10
#: Start every environment before anything is measured.
_WARM = 50
_TARGET = 200
#: What a process of the stack is, by a word of its command.
_ROLES = {"ops.local.gateway": "gateway", "bootstrap.py": "functions"}
_MAIN = "embedded cloud"


@dataclass(frozen=True)
class Leg:
    """Since the leg before: what so many messages took. CPU milliseconds by role; `resident` at the end, bytes."""

    messages: int
    total: int
    posts: client.Posts
    seconds: float
    cpu: dict[str, float]
    resident: int

    @property
    def cpu_a_message(self) -> float:
        return sum(self.cpu.values()) / self.messages


def run(scale: float) -> Answer:
    with started() as stack:
        drain = sides.Drain(stack)
        client.post(stack.api, _CLIENTS, _WARM)
        drain.wait(_WARM)
        found: list[Leg] = []
        for total in (_WARM + round(leg * scale) for leg in _LEGS):
            found.append(_leg(stack, drain, total, (found[-1].total if found else _WARM)))
        if (delivered := drain.delivered()) != found[-1].total:
            raise RuntimeError(f"{delivered} of {found[-1].total} messages were delivered")
    return _answer(found)


def _leg(stack: LocalStack, drain: sides.Drain, total: int, before: int) -> Leg:
    messages = total - before
    used = _cpu(stack.process.pid)
    began = time.monotonic()
    posts = client.post(stack.api, _CLIENTS, messages)
    posted = time.monotonic() - began
    seconds = posted + drain.wait(total)
    cpu = _cpu(stack.process.pid)
    cpu.subtract(used)
    resident = sides.resident_bytes(stack.process.pid)
    return Leg(messages, total, posts, seconds, dict(cpu), resident)


def _cpu(main: int) -> "Counter[str]":
    """Milliseconds by role, of the processes that live now; none of them ends in a leg."""
    found: Counter[str] = Counter()
    for pid in (main, *sides.children(main)):
        role = next((role for word, role in _ROLES.items() if word in sides.command(pid)), _MAIN)
        found[role] += round(sides.cpu_seconds(pid) * 1000)
    return found


def _answer(legs: list[Leg]) -> Answer:
    first, last = legs[0], legs[-1]
    rows = [
        [
            f"{leg.total:,}",
            f"{leg.posts.taken} of {leg.messages}",
            figure(leg.posts.per_second),
            f"{figure(leg.posts.p50)} / {figure(leg.posts.p99)}",
            figure(leg.messages / leg.seconds),
            figure(leg.cpu_a_message),
            ", ".join(f"{role} {figure(cpu / leg.messages)}" for role, cpu in sorted(leg.cpu.items())),
            figure(leg.resident / 1e6),
        ]
        for leg in legs
    ]
    kept = (last.resident - first.resident) / (last.total - first.total)
    return Answer(
        "A burst to its end, and the next ones",
        [
            "messages in all",
            "accepted",
            "accepted/s",
            "p50 / p99, ms",
            "delivered/s",
            "CPU ms a message",
            "of which",
            "resident MB",
        ],
        rows,
        {"legs": [vars(leg) | {"posts": vars(leg.posts)} for leg in legs], "bytesKeptAMessage": kept},
        (
            f"By {_CLIENTS} clients; delivered is counted to the last event in the table. CPU a message from the first "
            f"leg to the last: {figure(last.cpu_a_message / first.cpu_a_message)} times; the embedded cloud, which is "
            f"table, queues, executions and mailbox in one process, keeps {figure(kept / 1000)} kB a message."
        ),
        f"Target: {_TARGET} delivered/s on 2 cores; both figures flat.",
    )
