"""A receiver of webhooks on this machine, over real HTTP: it answers as told and keeps what came."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from handlers.core import webhook


@dataclass(frozen=True)
class Call:
    path: str
    headers: dict[str, str]
    content: bytes

    def verifies(self, secret: str) -> bool:
        """As https://www.standardwebhooks.com tells receivers to do it."""
        signed = webhook.signature(
            secret, self.headers["webhook-id"], int(self.headers["webhook-timestamp"]), self.content
        )
        return signed in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """`answers`: the statuses of the next calls, each with its headers; when they are used up, `otherwise`."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    otherwise: int = 204
    calls: list[Call] = field(default_factory=list)


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.calls.append(Call(self.path, headers, content))
            status, more = receiver.answers.pop(0) if receiver.answers else (receiver.otherwise, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
            """Be silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, name="receiver", daemon=True)
    thread.start()
    receiver.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}/hook?for=us"
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
