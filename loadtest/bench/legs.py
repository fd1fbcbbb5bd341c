"""So many messages through a local stack and to their end: what they took."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from loadtest.bench import client, sides
from tests.flow.stack import LocalStack

CLIENTS = 10
#: Start every environment before anything is measured.
WARM = 50
#: What a process of the stack is, by a word of its command.
_ROLES = {"ops.local.gateway": "gateway", "bootstrap.py": "functions"}
MAIN = "embedded cloud"


@dataclass(frozen=True)
class Leg:
    """CPU in milliseconds by role; `resident` bytes of the embedded cloud at the end."""

    messages: int
    total: int
    waves: list[client.Posts]
    seconds: float
    cpu: Mapping[str, float]
    resident: int

    @property
    def cpu_a_message(self) -> float:
        return sum(self.cpu.values()) / self.messages

    def by_role(self) -> str:
        return ", ".join(f"{role} {cpu / self.messages:.1f}" for role, cpu in sorted(self.cpu.items()))


def warm_up(stack: LocalStack, drain: sides.Drain) -> None:
    client.post(stack.api, CLIENTS, WARM)
    drain.wait(WARM)


def leg(stack: LocalStack, drain: sides.Drain, before: int, waves: list[int]) -> Leg:
    """Each wave is posted when the one before has come to its end; `before` messages have gone through already."""
    used = _cpu(stack.process.pid)
    total, seconds, posted = before, 0.0, []
    for messages in waves:
        began = time.monotonic()
        posted.append(client.post(stack.api, CLIENTS, messages))
        total += messages
        seconds += time.monotonic() - began + drain.wait(total)
    cpu = _cpu(stack.process.pid)
    cpu.subtract(used)
    resident = sides.resident_bytes(stack.process.pid)
    return Leg(total - before, total, posted, seconds, dict(cpu), resident)


def _cpu(main: int) -> "Counter[str]":
    """Of the processes that live now; none of them ends in a leg."""
    found: Counter[str] = Counter()
    for pid in (main, *sides.children(main)):
        role = next((role for word, role in _ROLES.items() if word in sides.command(pid)), MAIN)
        found[role] += round(sides.cpu_seconds(pid) * 1000)
    return found
