"""The messages of one queue, ordered by when they become visible."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Counts:
    """The three numbers GetQueueAttributes reports."""

    visible: int
    in_flight: int
    delayed: int


class MessageStore:
    """Holds any object with an `id`; O(log n) a call, safe under threads. Due times are `now`'s milliseconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._changed = threading.Condition()
        self._visible: dict[str, Any] = {}
        self._hidden: dict[str, tuple[float, Any]] = {}
        self._delayed: set[str] = set()
        # Entries whose message has gone or got another due time stay until they are due, then are dropped.
        self._due: list[tuple[float, str]] = []

    def add(self, message: Any, delayed_until: float) -> None:
        with self._changed:
            if delayed_until > self._now():
                self._delayed.add(message.id)
                self._hide(message, delayed_until)
            else:
                self._visible[message.id] = message
            self._changed.notify()

    def take(
        self, count: int, wait_seconds: float, visibility_ms: float, deliver: Callable[[Any], Any | None]
    ) -> tuple[list[Any], list[Any]]:
        """(delivered, dead): waits until there is either, or `wait_seconds` are over.

        `deliver` answers what the consumer gets, or None for a message that has been received too often:
        that one leaves this store.
        """
        deadline = time.monotonic() + wait_seconds
        with self._changed:
            while True:
                delivered, dead = self._pick(count, visibility_ms, deliver)
                remaining = deadline - time.monotonic()
                if delivered or dead or remaining <= 0:
                    # Another consumer may be waiting for less than is now to come.
                    self._changed.notify()
                    return delivered, dead
                self._changed.wait(self._until_next_due(remaining))

    def _pick(
        self, count: int, visibility_ms: float, deliver: Callable[[Any], Any | None]
    ) -> tuple[list[Any], list[Any]]:
        self._show_due()
        delivered: list[Any] = []
        dead: list[Any] = []
        for identifier in list(itertools.islice(self._visible, count)):
            message = self._visible[identifier]
            copy = deliver(message)
            if copy is None:
                del self._visible[identifier]
                dead.append(message)
                continue
            delivered.append(copy)
            if visibility_ms:
                del self._visible[identifier]
                self._hide(message, self._now() + visibility_ms)
        return delivered, dead

    def delete(self, identifier: str) -> None:
        """Deleting what has gone is no error, as in SQS."""
        with self._changed:
            self._visible.pop(identifier, None)
            self._hidden.pop(identifier, None)
            self._delayed.discard(identifier)

    def hide_for(self, identifier: str, visibility_ms: float) -> bool:
        """Give a message in flight another timeout; False if it is not in flight."""
        with self._changed:
            self._show_due()
            if identifier not in self._hidden or identifier in self._delayed:
                return False
            _, message = self._hidden.pop(identifier)
            if visibility_ms:
                self._hide(message, self._now() + visibility_ms)
            else:
                self._visible[identifier] = message
            self._changed.notify()
            return True

    def counts(self) -> Counts:
        with self._changed:
            self._show_due()
            delayed = len(self._delayed)
            return Counts(len(self._visible), len(self._hidden) - delayed, delayed)

    def clear(self) -> None:
        with self._changed:
            for container in (self._visible, self._hidden, self._delayed, self._due):
                container.clear()

    def _hide(self, message: Any, until: float) -> None:
        self._hidden[message.id] = (until, message)
        heapq.heappush(self._due, (until, message.id))

    def _show_due(self) -> None:
        now = self._now()
        while self._due and self._due[0][0] <= now:
            until, identifier = heapq.heappop(self._due)
            if identifier in self._hidden and self._hidden[identifier][0] == until:
                self._visible[identifier] = self._hidden.pop(identifier)[1]
                self._delayed.discard(identifier)

    def _until_next_due(self, at_most: float) -> float:
        """Seconds; never 0, or a message due this very millisecond would make the wait a busy loop."""
        if not self._due:
            return at_most
        return min(at_most, max(0.001, (self._due[0][0] - self._now()) / 1000))
