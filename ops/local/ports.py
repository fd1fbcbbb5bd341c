"""Ports of 127.0.0.1."""

import errno
import socket
from collections.abc import Sequence

LOOPBACK = "127.0.0.1"


class PortTakenError(Exception):
    """Another program listens on `port`."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port


def listen(port: int, backlog: int = 512) -> socket.socket:
    """Bind a port of 127.0.0.1, 0 for any free one. Raises PortTakenError."""
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, port))
        bound.listen(backlog)
    except OSError as error:
        bound.close()
        if error.errno != errno.EADDRINUSE:
            raise
        raise PortTakenError(port) from None
    return bound


def origin(bound: socket.socket) -> str:
    return f"http://{LOOPBACK}:{bound.getsockname()[1]}"


def of_stack(first: int) -> Sequence[int]:
    """A local stack's five, for API, site, mailbox, AWS and console; 0 and nothing but 0: any free ones."""
    return range(first, first + 5) if first else [0] * 5


def check(first: int) -> None:
    """Raise PortTakenError for the first of them that somebody has."""
    for port in of_stack(first):
        listen(port).close()
