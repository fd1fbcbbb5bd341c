"""Pollers wait for a long backlog and for nothing else."""

import threading
from contextlib import ExitStack

import pytest

from ops.local.functions.backlog import Backlog

_LONG = 16
_PATIENCE = 10.0


def _asking(backlog: Backlog) -> threading.Thread:
    thread = threading.Thread(target=backlog.give_way, daemon=True)
    thread.start()
    return thread


def _joined(backlog: Backlog, invocations: int) -> ExitStack:
    stack = ExitStack()
    for _ in range(invocations):
        stack.enter_context(backlog.joined())
    return stack


def test_a_short_backlog_keeps_nobody_waiting() -> None:
    backlog = Backlog()
    with _joined(backlog, _LONG - 1):
        backlog.give_way()


def test_a_long_backlog_is_waited_for_until_it_is_short() -> None:
    backlog = Backlog()
    with _joined(backlog, _LONG - 1), ExitStack() as last:
        last.enter_context(backlog.joined())
        asking = _asking(backlog)
        asking.join(0.1)
        assert asking.is_alive()
        last.close()
        asking.join(_PATIENCE)
        assert not asking.is_alive()


def test_an_invocation_that_fails_leaves_the_backlog() -> None:
    backlog = Backlog()
    for _ in range(_LONG):
        with pytest.raises(ValueError, match="lost"), backlog.joined():
            raise ValueError("lost")
    backlog.give_way()


def test_a_backlog_that_is_ended_keeps_nobody_waiting() -> None:
    backlog = Backlog()
    with _joined(backlog, 2 * _LONG):
        asking = _asking(backlog)
        backlog.end()
        asking.join(_PATIENCE)
        assert not asking.is_alive()
