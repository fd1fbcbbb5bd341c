"""Virtual time and real interleavings: each task is a greenlet, one runs at a time, the seed says which is next."""

import heapq
import random
from collections.abc import Callable
from functools import partial
from typing import Any

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped] # greenlet publishes no types


class Task:
    """Something that runs beside others and gives way at every `Scheduler.pause` and `Scheduler.wait`."""

    def __init__(self, action: Callable[[], None]) -> None:
        self._action = action
        #: the greenlet that runs it, once it has begun
        self.worker: Any = None
        self.done = False
        #: set to have it never run again, as when a process is killed
        self.dead = False
        #: counts the waits, so that a timeout and an answer do not both end the same one
        self.waits = 0
        self.when_done: list[Callable[[], None]] = []

    def run(self) -> None:
        self._action()
        self.done = True
        for tell in self.when_done:
            tell()


class Scheduler:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a seed must give the same run again
        #: seconds since the world began
        self.now = 0.0
        self._hub: Any = getcurrent()
        self._current: Task | None = None
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = 0
        # A greenlet is a stack, which the system has to map; it serves one task after the other.
        self._idle: list[Any] = []

    def after(self, seconds: float, action: Callable[[], object]) -> None:
        self._order += 1
        heapq.heappush(self._due, (self.now + seconds, self._order, action))

    def spawn(self, action: Callable[[], None], seconds: float = 0.0) -> Task:
        task = Task(action)
        self.after(seconds, partial(self._resume, task))
        return task

    def pause(self, seconds: float) -> None:
        """Let `seconds` pass for the task that calls."""
        task = self._running()
        until = self.now + seconds
        if not self._due or until < self._due[0][0]:
            # Nothing else happens until then, so nobody has to be asked.
            self.now = until
            return
        self.after(seconds, partial(self._resume, task))
        self._hub.switch()

    def wait(self, other: Task, seconds: float) -> bool:
        """Return whether the other task ended within `seconds`."""
        task = self._running()
        task.waits += 1
        turn = task.waits

        def wake() -> None:
            if task.waits == turn:
                task.waits += 1
                self._resume(task)

        if not other.done:
            other.when_done.append(partial(self.after, 0, wake))
            self.after(seconds, wake)
            self._hub.switch()
        return other.done

    def run(self) -> None:
        """Until nothing is due any more."""
        while self._due:
            self.now, _, action = heapq.heappop(self._due)
            action()

    def _running(self) -> Task:
        if self._current is None:
            raise RuntimeError("only a task can wait")
        return self._current

    def _resume(self, task: Task) -> None:
        if task.dead:
            return
        if task.worker is None:
            # An error in a greenlet goes on in its parent: always the loop, never the task that spawned it.
            task.worker = self._idle.pop() if self._idle else greenlet(self._work, self._hub)
        before, self._current = self._current, task
        task.worker.switch(task)
        self._current = before

    def _work(self, task: Task) -> None:
        while True:
            task.run()
            self._idle.append(getcurrent())
            task = self._hub.switch()
