"""A console on a loopback port, with a token that only who started it knows."""

import secrets
import socket
from collections.abc import Callable

from ops.console.app import create_app
from ops.console.room import Room
from ops.local.ports import origin
from ops.local.server import Server
from ops.review.workbench import Workbench


class Serving:
    """Serves from construction until `stop`; `url` holds the token behind its #, which browsers send nowhere."""

    def __init__(self, bound: socket.socket, open_bench: Callable[[], Workbench]) -> None:
        token = secrets.token_urlsafe(32)
        self._room = Room(open_bench)
        self._server = Server(create_app(self._room, token, bound.getsockname()[1]), bound)
        self.url = f"{origin(bound)}/#token={token}"

    def stop(self) -> None:
        """Actions end after the message that they are at."""
        self._room.drafts.stop()
        self._server.stop()
