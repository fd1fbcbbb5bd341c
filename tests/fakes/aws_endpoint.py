"""A real HTTP server in the place of the AWS endpoint: it records what it gets and answers as told."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from collections.abc import Callable

SENT = {"SendMessageResponse": {"SendMessageResult": {"MessageId": "sqs-1"}}}


class Received(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def form(self) -> dict[str, str]:
        """The SQS query protocol's parameters; a parameter that comes twice would show in their number."""
        pairs = parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True)
        assert len(pairs) == len(dict(pairs))
        return dict(pairs)


class Reply(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]


def accepted(_: Received) -> Reply:
    return Reply(200, json.dumps(SENT).encode(), {"content-type": "application/json"})


class RecordingEndpoint:
    def __init__(self) -> None:
        self.received: list[Received] = []
        self.reply: Callable[[Received], Reply] = accepted
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler_for(endpoint: RecordingEndpoint) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one segment. In two, Nagle's algorithm holds the second until a delayed ACK, up to 40 ms:
        # https://www.rfc-editor.org/rfc/rfc9293.html#section-3.7.4
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            received = Received(self.command, self.path, headers, body)
            endpoint.received.append(received)
            reply = endpoint.reply(received)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    return Handler
