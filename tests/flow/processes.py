"""What a process started, and whether it still runs."""

import subprocess
from collections.abc import Iterable

from tests.fakes.lambda_code import is_running


def descendants(pid: int) -> list[int]:
    """The processes that it started, and those that they did."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout  # noqa: S607
    parents = [tuple(map(int, line.split())) for line in found.splitlines()]
    children = [child for child, parent in parents if parent == pid]
    return children + [grandchild for child in children for grandchild in descendants(child)]


def running(pids: Iterable[int]) -> list[int]:
    return [pid for pid in pids if is_running(pid)]
