"""How many environments there are, and that none outlives its time. Real child processes."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from ops.local.functions import Invocation, TooManyRequestsError
from tests.fakes.lambda_code import DEADLINE, Make, document, eventually, is_running
from tests.flow.functions_fixture import make

__all__ = ["make"]

# Runs until the test says so: `e` names a file to wait for, and one beside it tells that it is waiting.
WAITS = (
    "import os, pathlib, time\n"
    "def handler(e, c):\n"
    " if e: pathlib.Path(e + '.begun').touch()\n"
    " while e and not pathlib.Path(e).exists(): time.sleep(0.01)\n"
    " return os.getpid()"
)


def test_invocations_at_the_same_time_get_an_environment_each(make: Make, tmp_path: Path) -> None:
    function = make(WAITS, concurrency=3)
    event = f'"{tmp_path / "go"}"'.encode()
    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(function.invoke, event) for _ in range(3)]
        eventually(lambda: len(function.pids()) == 3)
        with pytest.raises(TooManyRequestsError):
            function.invoke(b'""')
        (tmp_path / "go").touch()
        pids = {document(future.result(DEADLINE).result) for future in running}
    assert pids == set(function.pids())
    assert document(function.invoke(b'""').result) in pids


def test_a_caller_that_waits_gets_the_environment_when_it_is_free(make: Make, tmp_path: Path) -> None:
    function = make(WAITS)
    event = f'"{tmp_path / "go"}"'.encode()
    with ThreadPoolExecutor(2) as threads:
        running = [threads.submit(function.invoke, event, DEADLINE) for _ in range(2)]
        eventually(lambda: len(function.pids()) == 1)
        with pytest.raises(TooManyRequestsError):
            function.invoke(b'""', wait=0.1)
        (tmp_path / "go").touch()
        assert running[0].result(DEADLINE) == running[1].result(DEADLINE)


def test_a_kill_during_an_invocation_is_reported_and_the_next_gets_another_environment(
    make: Make, tmp_path: Path
) -> None:
    function = make(WAITS)
    with ThreadPoolExecutor(1) as threads:
        assert function.invoke(b'""').result is not None
        running = threads.submit(function.invoke, f'"{tmp_path / "never"}"'.encode())
        eventually((tmp_path / "never.begun").exists)
        killed = function.kill_one(signal.SIGKILL)
        assert running.result(DEADLINE).error_type == "Runtime.ExitError"
    assert killed is not None
    assert document(function.invoke(b'""').result) != killed


def test_a_kill_between_invocations_goes_unnoticed(make: Make) -> None:
    function = make(WAITS)
    before = document(function.invoke(b'""').result)
    assert function.kill_one(signal.SIGKILL) == before
    eventually(lambda: not is_running(before))
    assert document(function.invoke(b'""').result) != before


def test_a_kill_while_it_waits_for_its_first_work_goes_unnoticed(make: Make) -> None:
    function = make(WAITS)
    function.warm()
    before = function.kill_one(signal.SIGKILL)
    assert before
    eventually(lambda: not is_running(before))
    assert document(function.invoke(b'""').result) != before


def test_there_is_nothing_to_kill_before_the_first_invocation(make: Make) -> None:
    assert make(WAITS).kill_one(signal.SIGKILL) is None


def test_a_warm_function_has_all_its_environments_before_the_first_invocation(make: Make) -> None:
    function = make(WAITS, concurrency=2)
    function.warm()
    warm = function.pids()
    assert len(warm) == 2
    assert document(function.invoke(b'""').result) in warm
    function.warm()
    assert sorted(function.pids()) == sorted(warm)


def test_a_function_that_cannot_be_warmed_leaves_word(make: Make) -> None:
    function = make("import nowhere", concurrency=2)
    function.warm()
    assert function.pids() == []
    assert "nowhere" in (function.init_error or "")


def test_stopping_leaves_no_process_idle_or_busy_nor_what_they_started(make: Make, tmp_path: Path) -> None:
    children = tmp_path / "children"
    function = make(
        "import subprocess, time\n"
        "def handler(e, c):\n"
        f" with open({str(children)!r}, 'a') as f: print(subprocess.Popen(['sleep', '60']).pid, file=f)\n"
        " if e: time.sleep(60)",
        concurrency=2,
    )
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(function.invoke, b"1")
        eventually(lambda: children.exists() and children.read_text().count("\n") == 1)
        function.invoke(b"0")
        pids = function.pids() + [int(line) for line in children.read_text().split()]
        assert len(pids) == 4
        function.stop()
        assert _exit_reported(running)
    eventually(lambda: not any(map(is_running, pids)))
    assert function.pids() == []


def test_stopping_during_a_start_leaves_no_process(make: Make) -> None:
    function = make("import time\ntime.sleep(60)")
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(function.invoke, b"{}")
        eventually(lambda: len(function.pids()) == 1)
        [pid] = function.pids()
        function.stop()
        assert _exit_reported(running)
    assert not is_running(pid)


def test_a_stopped_function_starts_nothing(make: Make) -> None:
    function = make(WAITS)
    function.stop()
    assert function.invoke(b'""').error_type == "Runtime.ExitError"
    assert function.pids() == []


def test_an_environment_outlives_the_thread_that_started_it(make: Make) -> None:
    function = make(WAITS)
    threading_results: list[Invocation] = []
    thread = threading.Thread(target=lambda: threading_results.append(function.invoke(b'""')))
    thread.start()
    thread.join(DEADLINE)
    assert function.invoke(b'""') == threading_results[0]


def test_a_parent_that_is_killed_takes_every_child_with_it(tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, str(tmp_path / "parent.py"), str(tmp_path)],
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert parent.stdout is not None
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(is_running, pids))
    finally:
        parent.kill()
        parent.communicate()
    eventually(lambda: not any(map(is_running, pids)))


# One environment that computes without end and ignores signals, and one that is idle.
PARENT = """
import sys, threading, time
from pathlib import Path
from ops.local.functions import Function
from tests.fakes.lambda_code import configuration

source = '''
import pathlib, signal
def handler(e, c):
    if e:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)
        pathlib.Path(e).touch()
        while True: pass
'''
folder = Path(sys.argv[1])
with (folder / "log").open("ab") as log:
    function = Function(configuration(folder, source, concurrency=2), log)
    threading.Thread(target=function.invoke, args=(f'"{folder / "busy"}"'.encode(),), daemon=True).start()
    while not (folder / "busy").exists(): time.sleep(0.01)
    function.invoke(b'""')
    print(*function.pids(), flush=True)
    time.sleep(60)
"""


def _exit_reported(running: Future[Invocation]) -> bool:
    return running.result(DEADLINE).error_type == "Runtime.ExitError"
