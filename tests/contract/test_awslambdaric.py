"""What the local runtime API relies on in AWS's runtime client, seen on a bare socket."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

DEADLINE = 20
ANSWER = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
EVENT = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: r1\r\n"
    b"Lambda-Runtime-Deadline-Ms: 4102444800000\r\nLambda-Runtime-Invoked-Function-Arn: arn\r\n"
    b"Content-Length: 2\r\n\r\n{}"
)


class Runtime:
    """The client in a process of its own, and the server's end of its connections."""

    def __init__(self, folder: Path, source: str) -> None:
        (folder / "code_under_test.py").write_text(source)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(DEADLINE)
        port = self._listener.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "awslambdaric", "code_under_test.handler"],
            cwd=folder,
            env={"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}", "PATH": os.environ["PATH"]},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def connection(self) -> socket.socket:
        connection, _ = self._listener.accept()
        connection.settimeout(DEADLINE)
        return connection

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._listener.close()


@pytest.fixture
def handler(tmp_path: Path) -> Iterator[Runtime]:
    runtime = Runtime(
        tmp_path, "def handler(e, c):\n if not e: return 'x' * (2 << 20)\n raise ValueError('no')"
    )
    yield runtime
    runtime.close()


@pytest.fixture
def broken(tmp_path: Path) -> Iterator[Runtime]:
    runtime = Runtime(tmp_path, "import no_such_module")
    yield runtime
    runtime.close()


def test_every_request_is_on_one_connection_and_says_its_length(handler: Runtime) -> None:
    with handler.connection() as connection:
        assert _request(connection)[0] == "GET /2018-06-01/runtime/invocation/next"
        connection.sendall(EVENT)
        # Large enough for curl to ask "Expect: 100-continue", unless told not to.
        line, body = _request(connection)
        assert (line, len(body)) == ("POST /2018-06-01/runtime/invocation/r1/response", (2 << 20) + 2)
        connection.sendall(ANSWER)
        assert _request(connection)[0] == "GET /2018-06-01/runtime/invocation/next"
        connection.sendall(EVENT.replace(b"\r\n\r\n{}", b"\r\n\r\n[1]").replace(b"Length: 2", b"Length: 3"))
        line, body = _request(connection)
        assert line == "POST /2018-06-01/runtime/invocation/r1/error"
        assert b'"errorType": "ValueError"' in body


def test_an_init_error_is_posted_before_any_next_and_the_process_ends(broken: Runtime) -> None:
    with broken.connection() as connection:
        line, body = _request(connection)
        assert line == "POST /2018-06-01/runtime/init/error"
        assert b'"errorType": "Runtime.ImportModuleError"' in body
        connection.sendall(ANSWER)
    assert broken.process.wait(DEADLINE) == 1


def test_the_connection_closes_when_the_process_is_killed(handler: Runtime) -> None:
    with handler.connection() as connection:
        _request(connection)
        handler.process.kill()
        assert connection.recv(1) == b""


def _request(connection: socket.socket) -> tuple[str, bytes]:
    """Method and path, and the body of the length that the request states."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(1 << 16)
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"chunked" not in head.lower()
    assert b"100-continue" not in head.lower()
    stated = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    length = int(stated[1]) if stated else 0
    while len(body) < length:
        body += connection.recv(1 << 16)
    return head.partition(b" HTTP/1.1")[0].decode(), body
