"""Starting and stopping, as a person meets it."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.local.up import CONCURRENCY
from tests.flow.processes import descendants, running
from tests.flow.stack import PATIENCE, ROOT, LocalStack, started, until

pytestmark = pytest.mark.xdist_group("stack")


#: made up
ACCESS_KEY_ID = "AKIAREALREALREALREAL"


@pytest.fixture(scope="module")
def warm() -> Iterator[LocalStack]:
    """With every process that it can have, started by a person who has credentials."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
        with started("--warm") as stack:
            functions = stack.client("lambda").list_functions()["Functions"]
            assert len(descendants(stack.process.pid)) > CONCURRENCY * len(functions)
            yield stack


# SIGTERM ends every local stack of these tests: see tests.flow.stack.started.
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_however_it_ends_no_process_is_left(number: signal.Signals) -> None:
    with started() as stack:
        stack.accepted()
        children = until(lambda: descendants(stack.process.pid), lambda found: len(found) >= 3)
        stack.process.send_signal(number)
        stack.process.wait(PATIENCE)
        until(lambda: running(children), lambda left: not left)


def test_everything_listens_on_loopback_only(warm: LocalStack) -> None:
    pids = [warm.process.pid, *descendants(warm.process.pid)]
    listening = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout  # noqa: S607
    ours = [line for line in listening.splitlines() if any(f"pid={pid}," in line for pid in pids)]
    assert len(ours) >= 5
    assert all(line.split()[3].startswith("127.0.0.1:") for line in ours)


def test_real_credentials_of_the_person_reach_no_function(warm: LocalStack) -> None:
    functions = [
        pid
        for pid in descendants(warm.process.pid)
        if "bootstrap" in Path(f"/proc/{pid}/cmdline").read_text()
    ]
    assert functions
    for pid in functions:
        assert ACCESS_KEY_ID not in Path(f"/proc/{pid}/environ").read_bytes().decode()


def test_a_taken_port_is_named_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for first in (port, port - 2):
            failed = subprocess.run(
                [sys.executable, "-m", "ops", "up", "--port", str(first)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            assert failed.returncode == 1
            assert f"port {port} is taken" in failed.stderr
            assert "--port" in failed.stderr
            assert "Traceback" not in failed.stderr


def test_a_parameter_that_the_template_does_not_have_is_refused_by_name() -> None:
    failed = subprocess.run(
        [sys.executable, "-m", "ops", "up", "--port", "0", "--parameter", "Nonsense=1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert "Nonsense" in failed.stderr
    assert "Traceback" not in failed.stderr
