"""The HTTP side of the Lambda runtime API, for one execution environment.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import re
import select
import socket
from dataclasses import dataclass

VERSION = "/2018-06-01/runtime"
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_REASONS = {200: "OK", 202: "Accepted", 403: "Forbidden", 413: "Payload Too Large"}


@dataclass(frozen=True)
class Request:
    """One request of the runtime; `path` without the API's version."""

    path: str
    body: bytes
    connection: socket.socket


class RuntimeApi:
    """Listens on a free loopback port and hands over one request at a time, in the caller's thread."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._poll = select.poll()
        self._poll.register(self._listener, select.POLLIN)
        self._connections: dict[int, tuple[socket.socket, bytearray]] = {}

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def receive(self, timeout: float) -> Request | None:
        """The next complete request, or None when `timeout` seconds brought none or a connection closed."""
        for descriptor, _ in self._poll.poll(timeout * 1000):
            if descriptor == self._listener.fileno():
                self._accept()
            elif (request := self._read(descriptor)) is not None:
                return request
        return None

    def respond(self, request: Request, status: int, headers: str = "", body: bytes = b"") -> None:
        """Answer `request`; `headers` are whole lines. A peer that is gone is found by the next receive."""
        head = f"HTTP/1.1 {status} {_REASONS[status]}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        try:
            request.connection.sendall(head.encode() + body)
        except (BrokenPipeError, ConnectionResetError):
            return

    def close(self) -> None:
        self._listener.close()
        for connection, _ in self._connections.values():
            connection.close()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        # Two small writes of the client would otherwise wait for a delayed acknowledgement.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._connections[connection.fileno()] = (connection, bytearray())
        self._poll.register(connection, select.POLLIN)

    def _read(self, descriptor: int) -> Request | None:
        connection, buffer = self._connections[descriptor]
        try:
            data = connection.recv(1 << 18)
        except ConnectionResetError:
            data = b""
        if not data:
            self._poll.unregister(connection)
            del self._connections[descriptor]
            connection.close()
            return None
        buffer += data
        return _complete(connection, buffer)


def _complete(connection: socket.socket, buffer: bytearray) -> Request | None:
    """Take one request from the front of the buffer, if all of it is there."""
    head_end = buffer.find(b"\r\n\r\n") + 4
    if head_end < 4:  # noqa: PLR2004 - find() answered -1
        return None
    head = bytes(buffer[:head_end])
    length = _CONTENT_LENGTH.search(head)
    end = head_end + (int(length[1]) if length else 0)
    if len(buffer) < end:
        return None
    body = bytes(buffer[head_end:end])
    del buffer[:end]
    path = head.split(b" ", 2)[1].decode("latin-1")
    return Request(path.removeprefix(VERSION), body, connection)
