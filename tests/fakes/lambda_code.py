"""Functions with code of the test's own, run by real child processes."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ops.local.functions import Configuration, Function

DEADLINE = 20.0

Make = Callable[..., Function]


def configuration(code: Path, source: str, **changed: Any) -> Configuration:
    """A function of one module, code.py, whose text is `source`; its handler is `handler`."""
    (code / "code_under_test.py").write_text(source)
    settings: dict[str, Any] = {
        "name": "under-test",
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:under-test",
        "runtime": "python3.13",
        "handler": "code_under_test.handler",
        "code": code,
        "environment": {},
        "timeout": DEADLINE,
        "memory": 128,
        "concurrency": 1,
        "endpoint": "http://127.0.0.1:9",
    }
    return Configuration(**(settings | changed))


def document(body: bytes | None) -> Any:
    assert body is not None
    return json.loads(body)


def eventually(condition: Callable[[], bool]) -> None:
    """Wait for what another process does, with a deadline that only a fault reaches."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    """Whether there is such a process; one that has ended and waits for its parent counts as gone."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile, or there is no /proc here
        return not Path("/proc/self").exists()
