"""The parent's side of the gateway's process."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from ops.local.ports import PortTakenError

_ROOT = Path(__file__).parents[3]
_STOP_SECONDS = 5


class GatewayFailedError(Exception):
    """The process ended by itself; its standard error says why."""


class GatewayProcess:
    """A gateway whose ports are bound; `api` and `site` are origins such as http://127.0.0.1:8000."""

    def __init__(self, api_port: int, site_port: int, site_directory: Path) -> None:
        """Bind the ports, 0 for any free one. Raises PortTakenError, GatewayFailedError."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ops.local.gateway"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        places = {"apiPort": api_port, "sitePort": site_port, "siteDirectory": str(site_directory)}
        try:
            origins = self._ask(places)
        except (GatewayFailedError, PortTakenError):
            self.stop()
            raise
        self.api: str = origins["api"]
        self.site: str = origins["site"]

    @property
    def pid(self) -> int:
        return self._process.pid

    def serve(self, settings: Mapping[str, Any]) -> None:
        """Give it definition, stage, throttle and awsEndpoint, and wait until it serves.

        Raises GatewayFailedError, for one if the definition has something that is not emulated.
        """
        self._ask(settings)

    def stop(self) -> None:
        """End it and wait until it has gone."""
        stdin, stdout = self._pipes()
        with contextlib.suppress(BrokenPipeError):  # it ended before it read all
            stdin.close()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        stdout.close()

    def _ask(self, document: Mapping[str, Any]) -> dict[str, Any]:
        stdin, stdout = self._pipes()
        with contextlib.suppress(BrokenPipeError):  # the empty answer below says so too
            stdin.write(json.dumps(document).encode() + b"\n")
            stdin.flush()
        line = stdout.readline()
        if not line:
            raise GatewayFailedError("the gateway has ended")
        answer: dict[str, Any] = json.loads(line)
        if answer.get("error") == "port_in_use":
            raise PortTakenError(answer["port"])
        return answer

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        assert self._process.stdin is not None  # noqa: S101 - for the type: both are PIPE
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdin, self._process.stdout
