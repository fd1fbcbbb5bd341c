"""A function: its execution environments, how many there may be, and what becomes of each invocation."""

import contextlib
import os
import signal
import threading
import time
import uuid
from typing import BinaryIO

from ops.local.functions.configuration import Configuration
from ops.local.functions.environment import Environment, InitError, RuntimeExitError
from ops.local.functions.invocation import REQUEST_LIMIT, Invocation, exited, timed_out


class TooManyRequestsError(Exception):
    """Every environment was busy for as long as the caller would wait: Lambda's TooManyRequestsException."""


class RequestTooLargeError(Exception):
    """The payload is over 6 MB: Lambda's RequestTooLargeException."""


class Function:
    """Starts environments when they are needed, up to `concurrency`, and keeps them for later invocations.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
    """

    def __init__(self, configuration: Configuration, log: BinaryIO) -> None:
        self.configuration = configuration
        # Why the last environment could not start; None once one does.
        self.init_error: str | None = None
        self._log = log
        self._slots = threading.BoundedSemaphore(configuration.concurrency)
        self._lock = threading.Lock()
        self._environments: set[Environment] = set()
        self._idle: list[Environment] = []
        self._stopped = False

    def invoke(self, payload: bytes, wait: float = 0.0) -> Invocation:
        """Run the handler once, waiting up to `wait` seconds for an environment to be free.

        Raises TooManyRequestsError and RequestTooLargeError; every other failure is in the Invocation.
        """
        if len(payload) > REQUEST_LIMIT:
            raise RequestTooLargeError(
                f"{len(payload)} byte payload is too large (limit {REQUEST_LIMIT} bytes)"
            )
        if not self._slots.acquire(timeout=wait):
            raise TooManyRequestsError(
                f"Rate Exceeded: {self.configuration.concurrency} environments are busy"
            )
        try:
            return self._invoke(str(uuid.uuid4()), payload)
        finally:
            self._slots.release()

    def warm(self) -> None:
        """Start every environment that there may be. One that does not start leaves word in `init_error`."""
        for _ in range(self.configuration.concurrency - len(self.pids())):
            with contextlib.suppress(InitError, RuntimeExitError, TimeoutError):
                self._keep(self._start(time.monotonic() + self.configuration.init_timeout))

    def stop(self) -> None:
        """End every environment; an invocation under way or later fails with Runtime.ExitError."""
        with self._lock:
            self._stopped = True
            environments = list(self._environments)
            idle, self._idle = self._idle, []
        for environment in environments:
            environment.kill()
        for environment in idle:
            self._discard(environment)

    def pids(self) -> list[int]:
        """The process of each environment, busy or idle; each leads a process group of its own."""
        with self._lock:
            return [environment.pid for environment in self._environments]

    def kill_one(self, number: signal.Signals) -> int | None:
        """Send the signal to one environment's process, as a fault would; its pid, or None without any."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
                return pid
        return None

    def _invoke(self, request_id: str, payload: bytes) -> Invocation:
        try:
            environment, deadline = self._ready()
            return self._run(environment, request_id, payload, deadline)
        except InitError as failure:
            return Invocation(result=None, error=failure.error)
        except RuntimeExitError as failure:
            return exited(request_id, failure.status)
        except TimeoutError:
            return timed_out(request_id, self.configuration.timeout)

    def _run(self, environment: Environment, request_id: str, payload: bytes, deadline: float) -> Invocation:
        try:
            invocation = environment.invoke(request_id, payload, deadline)
        except (RuntimeExitError, TimeoutError):
            self._discard(environment)
            raise
        self._keep(environment)
        return invocation

    def _ready(self) -> tuple[Environment, float]:
        """An environment that waits for work, and the deadline of the invocation it is for."""
        timeout = self.configuration.timeout
        while (warm := self._take_idle()) is not None:
            try:
                warm.wait_ready(time.monotonic() + timeout)
            except (RuntimeExitError, TimeoutError):  # it died, or hung, after its last response
                self._discard(warm)
            else:
                return warm, time.monotonic() + timeout
        try:
            return self._start(time.monotonic() + self.configuration.init_timeout), time.monotonic() + timeout
        except TimeoutError:
            # Init is tried once more within the function's own timeout:
            # https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
            deadline = time.monotonic() + timeout
            return self._start(deadline), deadline

    def _start(self, deadline: float) -> Environment:
        environment = Environment(self.configuration, self._log)
        with self._lock:
            self._environments.add(environment)
            stopped = self._stopped
        if stopped:
            environment.kill()
        try:
            environment.wait_ready(deadline)
        except (InitError, RuntimeExitError, TimeoutError) as failure:
            self._discard(environment)
            self.init_error = str(failure)
            raise
        self.init_error = None
        return environment

    def _keep(self, environment: Environment) -> None:
        with self._lock:
            keep = not self._stopped
            if keep:
                self._idle.append(environment)
        if not keep:
            self._discard(environment)

    def _take_idle(self) -> Environment | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _discard(self, environment: Environment) -> None:
        environment.close()
        with self._lock:
            self._environments.discard(environment)
