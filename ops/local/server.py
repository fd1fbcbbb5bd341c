"""An ASGI application on a loopback port, in a thread of this process."""

import errno
import socket
import threading
from typing import Any

import uvicorn

LOOPBACK = "127.0.0.1"


class PortTakenError(Exception):
    """Another program listens on `port`."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


def listen(port: int) -> socket.socket:
    """Bind a port of 127.0.0.1, 0 for any free one. Raises PortTakenError."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
        bound.listen(512)
    except OSError as error:
        bound.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTakenError(port) from None
    return bound


def origin(bound: socket.socket) -> str:
    return f"http://{LOOPBACK}:{bound.getsockname()[1]}"


class Server:
    """Serves from construction until `stop`."""

    def __init__(self, application: Any, bound: socket.socket) -> None:
        config = uvicorn.Config(
            application, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([bound],), name="server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
