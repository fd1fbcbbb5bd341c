"""An SES that counts what it accepted, on its own side of the wire, and answers as told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Behaviour = Literal["accept", "stall", "reset", "half", "throttle", "reject", "fail"]
#: what SES has taken, whatever its caller gets to hear
_ACCEPTS = {"accept", "stall", "reset", "half"}
_ERRORS = {
    "throttle": (429, "TooManyRequestsException"),
    "reject": (400, "MessageRejected"),
    "fail": (500, "InternalFailure"),
}


@dataclass
class SesServer:
    url: str
    #: what to do with the calls to come; the last one goes on for ever
    behaviours: list[Behaviour] = field(default_factory=lambda: ["accept"])
    calls: int = 0
    accepted: list[dict[str, Any]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, mail: dict[str, Any]) -> tuple[Behaviour, str]:
        with self.lock:
            behaviour = self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]
            self.calls += 1
            if behaviour in _ACCEPTS:
                self.accepted.append(mail)
            return behaviour, f"ses-{self.calls}"


class _Handler(BaseHTTPRequestHandler):
    ses: SesServer

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        behaviour, message_id = self.ses.take(json.loads(self.rfile.read(length)))
        body = json.dumps({"MessageId": message_id}).encode()
        match behaviour:
            case "accept":
                self._answer(200, body)
            case "stall":
                self.ses.released.wait(30)
            case "reset":
                self.connection.close()
            case "half":
                self._answer(200, body[: len(body) // 2], length=len(body))
                self.connection.close()
            case _:
                status, code = _ERRORS[behaviour]
                self._answer(status, b"{}", code=code)

    def _answer(self, status: int, body: bytes, *, length: int | None = None, code: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        self.send_header("x-amzn-errortype", code)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def ses_server() -> Iterator[SesServer]:
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    ses = SesServer(f"http://127.0.0.1:{server.server_port}")
    handler.ses = ses  # type: ignore[attr-defined]  # a class made for this server alone
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield ses
    finally:
        ses.released.set()
        server.shutdown()
        server.server_close()
