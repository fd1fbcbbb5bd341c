"""Threads that are used again, and one that watches deadlines."""

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue


class ThreadPool:
    """As many daemon threads as there is work at once; a thread whose work is over waits for more.

    concurrent.futures joins its threads when the process ends, which would wait for executions that sleep.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._idle = 0

    def run(self, work: Callable[[], None]) -> None:
        with self._lock:
            claimed = self._idle > 0
            if claimed:
                self._idle -= 1
        self._work.put(work)
        if not claimed:
            threading.Thread(target=self._serve, name=self._name, daemon=True).start()

    def _serve(self) -> None:
        while True:
            self._work.get()()
            with self._lock:
                self._idle += 1


class Deadlines:
    """Calls back for what is still watched when its time is over, at most `period` seconds late."""

    def __init__(self, period: float) -> None:
        self._period = period
        self._lock = threading.Lock()
        self._watched: dict[int, tuple[float, Callable[[], None]]] = {}
        self._ticking = False

    def watch(self, key: int, seconds: float, expired: Callable[[], None]) -> None:
        with self._lock:
            self._watched[key] = (time.monotonic() + seconds, expired)
            if self._ticking:
                return
            self._ticking = True
        threading.Thread(target=self._tick, name="deadlines", daemon=True).start()

    def forget(self, key: int) -> None:
        with self._lock:
            self._watched.pop(key, None)

    def _tick(self) -> None:
        while True:
            time.sleep(self._period)
            with self._lock:
                now = time.monotonic()
                over = [key for key, (deadline, _) in self._watched.items() if deadline <= now]
                expired = [self._watched.pop(key)[1] for key in over]
            for call in expired:
                call()
