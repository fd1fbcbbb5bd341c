"""Starting and stopping, as a person meets it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ops.local.up import CONCURRENCY
from tests.flow.stack import PATIENCE, ROOT, started, until

pytestmark = pytest.mark.xdist_group("stack")


def _descendants(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout  # noqa: S607
    parents = [tuple(map(int, line.split())) for line in found.splitlines()]
    children = [child for child, parent in parents if parent == pid]
    return children + [grandchild for child in children for grandchild in _descendants(child)]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_it_ends_no_process_is_left(number: signal.Signals) -> None:
    with started() as stack:
        stack.wait_for(stack.accepted(), "delivered")
        children = _descendants(stack.process.pid)
        assert len(children) >= 3
        stack.process.send_signal(number)
        stack.process.wait(PATIENCE)
        until(lambda: [pid for pid in children if _alive(pid)], lambda left: not left)


def test_everything_listens_on_loopback_only() -> None:
    with started("--warm") as stack:
        pids = [stack.process.pid, *_descendants(stack.process.pid)]
        functions = stack.client("lambda").list_functions()["Functions"]
        assert len(pids) >= 2 + CONCURRENCY * len(functions)
        listening = subprocess.run(["ss", "-Hltnp"], capture_output=True, text=True, check=True).stdout  # noqa: S607
        ours = [line for line in listening.splitlines() if any(f"pid={pid}," in line for pid in pids)]
        assert len(ours) >= 5
        assert all(line.split()[3].startswith("127.0.0.1:") for line in ours)


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


def test_real_credentials_of_the_person_reach_no_part_of_it() -> None:
    secret = "AKIAREALREALREALREAL"  # noqa: S105 - a made-up one
    os.environ["AWS_ACCESS_KEY_ID"] = secret
    try:
        with started() as stack:
            stack.wait_for(stack.accepted(), "delivered")
            for pid in _descendants(stack.process.pid):
                environment = Path(f"/proc/{pid}/environ").read_bytes().decode()
                assert (
                    secret not in environment
                    or "awslambdaric" not in Path(f"/proc/{pid}/cmdline").read_text()
                )
    finally:
        del os.environ["AWS_ACCESS_KEY_ID"]


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
