"""Two real servers: the page's files under the strict CSP, and an API that answers what a test tells it to."""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

SITE = Path(__file__).parents[3] / "site"
ACCEPTED_AT = "2026-11-24T23:11:09.123Z"

#: What a post meets: a status code, "drop" (the connection is closed unanswered), "lose" (stored, then dropped)
#: or "stall" (no answer until the test ends).
Answer = int | str


class Api:
    """The posts it took, and the answers and statuses it gives next; the last of each stays."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.answers: deque[Answer] = deque([202])
        self.statuses: deque[str | int] = deque(["delivered"])
        self.looks = 0
        self.ended = Event()

    def next_answer(self) -> Answer:
        return self.answers.popleft() if len(self.answers) > 1 else self.answers[0]

    def next_status(self) -> str | int:
        self.looks += 1
        return self.statuses.popleft() if len(self.statuses) > 1 else self.statuses[0]


class _ApiHandler(BaseHTTPRequestHandler):
    def __init__(self, api: Api, *args: Any) -> None:
        self.api = api
        super().__init__(*args)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keeps test output quiet."""

    def do_OPTIONS(self) -> None:
        self._answer(204)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.api.posts.append({"path": self.path, "type": self.headers["Content-Type"], "body": body})
        answer = self.api.next_answer()
        if answer == "stall":
            self.api.ended.wait()
        if not isinstance(answer, int):
            self.close_connection = True
            return
        accepted = {"status": "queued", "messageId": body["submissionId"]}
        self._answer(
            answer, accepted if answer == 202 else {"error": "stub", "message": "refused", "requestId": "r"}
        )

    def do_GET(self) -> None:
        status = self.api.next_status()
        if isinstance(status, int):
            self._answer(status, {"error": "stub", "message": "refused", "requestId": "r"})
            return
        times = {
            "acceptedAt": ACCEPTED_AT,
            "updatedAt": ACCEPTED_AT,
            "sentAt": ACCEPTED_AT,
            "settledAt": ACCEPTED_AT,
        }
        self._answer(200, {"messageId": self.path.rsplit("/", 1)[1], "status": status, **times})

    def _answer(self, status: int, body: dict[str, Any] | None = None) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "null"))
        self.send_header("Access-Control-Allow-Headers", "Content-Type")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _SiteHandler(SimpleHTTPRequestHandler):
    def __init__(self, api_origin: str, config: bytes | None, *args: Any) -> None:
        self.api_origin = api_origin
        self.config = config
        super().__init__(*args, directory=str(SITE))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Keeps test output quiet."""

    def end_headers(self) -> None:
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"connect-src 'self' {self.api_origin}; worker-src 'self'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'",
        )
        super().end_headers()

    def do_GET(self) -> None:
        if self.path != "/config.json":
            super().do_GET()
        elif self.config is None:
            self.send_error(404)
        else:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(self.config)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A page that is closed resets its connections; that is no fault of the stub."""


@contextmanager
def _serving(handler: Any) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serve_api(api: Api) -> Iterator[str]:
    """The API's origin; `…/prod` is its URL."""
    with _serving(partial(_ApiHandler, api)) as origin:
        try:
            yield origin
        finally:
            api.ended.set()


@contextmanager
def serve_site(api_origin: str, config: bytes | None) -> Iterator[str]:
    """The site's origin; with config None it has no config.json."""
    with _serving(partial(_SiteHandler, api_origin, config)) as origin:
        yield origin


def config_for(api_origin: str) -> bytes:
    return json.dumps({"apiUrl": f"{api_origin}/prod"}).encode()
