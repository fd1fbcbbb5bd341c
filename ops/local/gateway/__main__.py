"""The gateway's process: `python -m ops.local.gateway`, spoken to in lines of JSON.

    → {"apiPort": 0, "sitePort": 0, "siteDirectory": "/…/site"}
    ← {"api": "http://127.0.0.1:P", "site": "http://127.0.0.1:Q"}, or {"error": "port_in_use", "port": N} and exit 3
    → {"definition": {…}, "stage": "prod", "throttle": {"rate": 50, "burst": 100}, "awsEndpoint": "http://…"}
    ← {"ready": true}

It ends when its standard input does, so it never outlives its parent.
"""

import asyncio
import contextlib
import gc
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn

from ops.local.gateway.api import Api, Throttle
from ops.local.gateway.asgi import Application
from ops.local.gateway.aws import AwsEndpoint
from ops.local.gateway.connections import Connections
from ops.local.gateway.site import Site
from ops.local.ports import PortTakenError, listen, origin

_PORT_IN_USE = 3
_BACKLOG = 1024


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers, which would end this process at a Ctrl-C meant for its parent."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def main() -> int:
    # Ctrl-C in a terminal reaches the whole process group; the parent decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    places = _receive()
    if places is None:
        return 0
    listeners = []
    for port in (places["apiPort"], places["sitePort"]):
        try:
            listeners.append(listen(port, _BACKLOG))
        except PortTakenError as taken:
            _tell({"error": "port_in_use", "port": taken.port})
            return _PORT_IN_USE
    api_origin, site_origin = (origin(listener) for listener in listeners)
    _tell({"api": api_origin, "site": site_origin})
    settings = _receive()
    if settings is None:
        return 0
    api_url = f"{api_origin}/{settings['stage']}"
    site = Site(Path(places["siteDirectory"]), site_origin, api_origin, api_url)
    application = Application(_api(settings), site, listeners[1].getsockname()[1])
    server = _Server(_config(application))
    # The compiled templates live as long as the process; collecting garbage need not walk them.
    gc.freeze()
    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(_serve(server, listeners))
    return 0


def _api(settings: dict[str, Any]) -> Api:
    endpoint = urlsplit(settings["awsEndpoint"])
    if endpoint.hostname is None or endpoint.port is None:
        raise ValueError("awsEndpoint has no host or port")
    connections = Connections(endpoint.hostname, endpoint.port, time.monotonic)
    return Api(
        settings["definition"],
        settings["stage"],
        Throttle(**settings["throttle"]),
        {key: Throttle(**limit) for key, limit in settings.get("methodThrottles", {}).items()},
        AwsEndpoint(endpoint.hostname, endpoint.port, connections),
    )


def _config(application: Application) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http="httptools",
        loop="uvloop",
        interface="asgi3",
        lifespan="off",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )


async def _serve(server: uvicorn.Server, listeners: list[socket.socket]) -> None:
    loop = asyncio.get_running_loop()

    def end() -> None:
        server.should_exit = True

    def read_on() -> None:
        if not os.read(sys.stdin.fileno(), 65536):
            loop.remove_reader(sys.stdin.fileno())
            end()

    loop.add_reader(sys.stdin.fileno(), read_on)
    loop.add_signal_handler(signal.SIGTERM, end)
    # The sockets listen since they were bound: a connection made from now on waits for the server, if at all.
    _tell({"ready": True})
    await server.serve(sockets=listeners)


def _receive() -> Any:
    """One document from the parent; None when it has gone."""
    line = sys.stdin.buffer.readline()
    return json.loads(line) if line else None


def _tell(document: dict[str, Any]) -> None:
    print(json.dumps(document), flush=True)


if __name__ == "__main__":
    sys.exit(main())
