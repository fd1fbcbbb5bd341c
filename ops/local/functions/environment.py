"""One execution environment: a child process and the runtime API it talks to."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

from ops.local.functions.configuration import Configuration
from ops.local.functions.invocation import RESPONSE_LIMIT, Invocation, exit_reason, response_too_large
from ops.local.functions.runtime_api import Request, RuntimeApi

_BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
# How late a death is noticed when a grandchild keeps the connection open; otherwise its closing tells.
_LIVENESS_CHECK = 0.1


class InitError(Exception):
    """The runtime posted /runtime/init/error; `error` is its JSON, with errorType and errorMessage."""

    def __init__(self, error: bytes) -> None:
        document = json.loads(error)
        super().__init__(f"{document['errorType']}: {document['errorMessage']}")
        self.error = error


class RuntimeExitError(Exception):
    """The process ended; `status` as subprocess reports it."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Runtime.ExitError: {exit_reason(status)}")
        self.status = status


class Environment:
    """Serves one invocation at a time. Deadlines are values of time.monotonic()."""

    def __init__(self, configuration: Configuration, log: BinaryIO) -> None:
        self._arn = configuration.arn
        self._api = RuntimeApi()
        self._next: Request | None = None
        self._process = subprocess.Popen(
            # -P keeps this file's folder off sys.path, where its neighbours would hide a handler's modules.
            [sys.executable, "-P", str(_BOOTSTRAP), configuration.handler],
            cwd=configuration.code,
            env=configuration.variables(self._api.address),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def wait_ready(self, deadline: float) -> None:
        """Return when the runtime asks for an invocation.

        Raises InitError, RuntimeExitError, or TimeoutError past the deadline.
        """
        while self._next is None:
            request = self._receive(deadline)
            if request.path == "/invocation/next":
                self._next = request
            elif request.path == "/init/error":
                self._api.respond(request, 202)
                raise InitError(request.body)
            else:
                self._api.respond(request, 403)
        # It may have asked, and died while it waited.
        if self._process.poll() is not None:
            raise RuntimeExitError(self._process.returncode)

    def invoke(self, request_id: str, payload: bytes, deadline: float) -> Invocation:
        """Hand the payload to a ready runtime and wait. Raises RuntimeExitError or TimeoutError."""
        if self._next is None:
            raise RuntimeError("invoke needs wait_ready")
        self._api.respond(self._next, 200, self._invocation_headers(request_id, deadline), payload)
        self._next = None
        while True:
            request = self._receive(deadline)
            if request.path == f"/invocation/{request_id}/response":
                return self._take_response(request)
            if request.path == f"/invocation/{request_id}/error":
                self._api.respond(request, 202)
                return Invocation(result=None, error=request.body)
            self._api.respond(request, 403)

    def kill(self) -> None:
        """SIGKILL the process and all its descendants, and wait. Safe from another thread, and twice."""
        # macOS says "not permitted" for a group of zombies.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        """Kill, and let go of the sockets; only the thread that uses the environment may."""
        self.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._api.close()

    def _receive(self, deadline: float) -> Request:
        exited = False
        while True:
            left = deadline - time.monotonic()
            request = self._api.receive(0 if exited else max(0, min(left, _LIVENESS_CHECK)))
            if request is not None:
                return request
            if exited:
                raise RuntimeExitError(self._process.returncode)
            exited = self._process.poll() is not None
            if left <= 0 and not exited:
                raise TimeoutError("the runtime asked for nothing before the deadline")

    def _take_response(self, request: Request) -> Invocation:
        if len(request.body) > RESPONSE_LIMIT:
            self._api.respond(request, 413)
            return response_too_large()
        self._api.respond(request, 202)
        return Invocation(result=request.body, error=None)

    def _invocation_headers(self, request_id: str, deadline: float) -> str:
        milliseconds = int((time.time() + deadline - time.monotonic()) * 1000)
        return (
            "Content-Type: application/json\r\n"
            f"Lambda-Runtime-Aws-Request-Id: {request_id}\r\n"
            f"Lambda-Runtime-Deadline-Ms: {milliseconds}\r\n"
            f"Lambda-Runtime-Invoked-Function-Arn: {self._arn}\r\n"
        )
