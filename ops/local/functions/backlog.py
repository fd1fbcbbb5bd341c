"""Invocations that ask for an environment, and pollers that take no new batch while there are many.

AWS starts an environment for each of hundreds of executions at once; a laptop has two. Executions are started faster
than they are worked off, and a task that had waited for its whole minute would time out, as it never does in AWS.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Enough that no environment is ever idle for want of work.
_SHORT = 16


class Backlog:
    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._length = 0
        self._ended = False

    @contextmanager
    def joined(self) -> Iterator[None]:
        """For as long as an invocation waits and runs."""
        with self._changed:
            self._length += 1
        try:
            yield
        finally:
            with self._changed:
                self._length -= 1
                if self._length < _SHORT:
                    self._changed.notify_all()

    def give_way(self) -> None:
        """Return when the backlog is short, or ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._length < _SHORT)

    def end(self) -> None:
        """Keep nobody waiting any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
