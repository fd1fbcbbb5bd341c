"""An ASGI application on a loopback port, in a thread of this process."""

import socket
import threading
from typing import Any

import uvicorn


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
