"""Failures of the SendEmail call itself, as opposed to what becomes of a mail that SES accepted."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum


class FaultKind(StrEnum):
    #: 429 TooManyRequestsException, nothing accepted
    THROTTLE = "throttle"
    #: 503, nothing accepted
    OUTAGE = "outage"
    #: the mail is accepted and no answer ever comes: the caller's read times out
    TIMEOUT = "timeout"
    #: the mail is accepted and the connection is reset instead of answered
    LOST_REPLY = "lost_reply"
    #: the mail is accepted, and the answer takes its time
    SLOW = "slow"


@dataclass(frozen=True)
class Fault:
    """One kind of failure, for so many calls or until a time (seconds, the plan's clock); None: no limit."""

    kind: FaultKind
    calls: int | None
    until: float | None


class FaultPlan:
    """At most one fault at a time; safe for use from several threads.

    SES itself takes THROTTLE and OUTAGE; the HTTP endpoint, which alone can leave a caller without an answer,
    takes the others: `service.losing_answers`.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._fault: Fault | None = None
        self._lock = threading.Lock()

    def begin(self, kind: FaultKind, *, calls: int | None = None, seconds: float | None = None) -> None:
        """Fail the next `calls` calls, or all for `seconds`; with neither, all until `clear`."""
        until = None if seconds is None else self._clock() + seconds
        with self._lock:
            self._fault = Fault(kind, calls, until)

    def clear(self) -> None:
        with self._lock:
            self._fault = None

    def current(self) -> Fault | None:
        with self._lock:
            return self._unexpired()

    def take(self, *kinds: FaultKind) -> Fault | None:
        """The fault that the call at hand meets, if it is one of `kinds`; it then has one call fewer left."""
        with self._lock:
            fault = self._unexpired()
            if fault is None or fault.kind not in kinds:
                return None
            if fault.calls is not None:
                self._fault = replace(fault, calls=fault.calls - 1) if fault.calls > 1 else None
            return fault

    def _unexpired(self) -> Fault | None:
        if self._fault and self._fault.until is not None and self._clock() >= self._fault.until:
            self._fault = None
        return self._fault
