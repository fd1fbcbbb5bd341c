"""Real child processes under AWS's runtime client."""

import os
from pathlib import Path

import pytest

from ops.local.functions import RequestTooLargeError
from ops.local.functions.invocation import REQUEST_LIMIT
from tests.fakes.lambda_code import Make, configuration, document, eventually, is_running
from tests.flow.functions_fixture import make

__all__ = ["make"]


def test_an_environment_starts_with_the_first_invocation_and_serves_the_next(make: Make) -> None:
    function = make(
        "import os\ncount = 0\ndef handler(e, c):\n global count; count += 1; return [os.getpid(), count]"
    )
    assert function.pids() == []
    first = document(function.invoke(b"{}").result)
    second = document(function.invoke(b"{}").result)
    assert first == [function.pids()[0], 1]
    assert second == [function.pids()[0], 2]


def test_the_handler_gets_the_event_and_a_context(make: Make) -> None:
    function = make(
        "def handler(e, c): return [e, c.function_name, c.invoked_function_arn, c.memory_limit_in_mb,"
        " len(c.aws_request_id), 0 < c.get_remaining_time_in_millis() <= 20000]"
    )
    event = '{"text": "é \U0001f600 \\u0000 \\"quoted\\""}'
    assert document(function.invoke(event.encode()).result) == [
        {"text": 'é \U0001f600 \0 "quoted"'},
        "under-test",
        "arn:aws:lambda:us-east-1:123456789012:function:under-test",
        "128",
        36,
        True,
    ]


def test_a_handler_that_raises_is_reported_and_keeps_its_environment(make: Make) -> None:
    function = make("def handler(e, c):\n if e: raise ValueError('no ' + e['x'])")
    failed = function.invoke(b'{"x": "way"}')
    pids = function.pids()
    error = document(failed.error)
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "no way")
    assert "code_under_test.py" in error["stackTrace"][-1]
    assert function.invoke(b"{}").result == b"null"
    assert function.pids() == pids


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("os._exit(3)", "exit status 3"),
        ("sys.exit(4)", "exit status 4"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "signal: segmentation fault"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "signal: killed"),
    ],
)
def test_a_process_that_ends_is_reported_with_its_reason_and_replaced(
    make: Make, statement: str, reason: str
) -> None:
    function = make(f"import os, sys, signal\ndef handler(e, c):\n if e: {statement}\n return os.getpid()")
    before = document(function.invoke(b"{}").result)
    ended = function.invoke(b'{"x": 1}')
    assert ended.error_type == "Runtime.ExitError"
    assert document(ended.error)["errorMessage"].endswith(f"Error: Runtime exited with error: {reason}")
    assert document(function.invoke(b"{}").result) != before


def test_an_exit_without_a_status_has_no_reason(make: Make) -> None:
    ended = make("import os\ndef handler(e, c): os._exit(0)").invoke(b"{}")
    assert document(ended.error)["errorMessage"].endswith("Error: Runtime exited without providing a reason")


def test_an_invocation_over_its_timeout_is_ended_with_all_its_processes(make: Make, tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    function = make(
        "import os, subprocess, time, pathlib\n"
        "def handler(e, c):\n"
        " if e:\n"
        f"  pathlib.Path({str(pid_file)!r}).write_text(str(subprocess.Popen(['sleep', '60']).pid))\n"
        "  time.sleep(60)\n"
        " return 'ready'",
        timeout=2.0,
    )
    assert function.invoke(b"{}").result == b'"ready"'
    [child] = function.pids()
    timed_out = function.invoke(b'{"x": 1}')
    assert timed_out.error_type == "Sandbox.Timedout"
    assert document(timed_out.error)["errorMessage"].endswith(" Error: Task timed out after 2.00 seconds")
    eventually(lambda: not is_running(child) and not is_running(int(pid_file.read_text())))
    assert function.invoke(b"{}").result == b'"ready"'


@pytest.mark.parametrize(
    ("source", "error_type", "message"),
    [
        ("import no_such_module", "Runtime.ImportModuleError", "No module named 'no_such_module'"),
        ("def handler(e, c:", "Runtime.UserCodeSyntaxError", "Syntax error in module 'code_under_test'"),
        ("x = 1", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'code_under_test'"),
        ("raise ValueError('at import')", "ValueError", "at import"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_reported_at_once_and_remembered(
    make: Make, source: str, error_type: str, message: str
) -> None:
    function = make(source)
    error = document(function.invoke(b"{}").error)
    assert error["errorType"] == error_type
    assert message in error["errorMessage"]
    assert function.init_error is not None
    assert function.init_error.startswith(f"{error_type}: ")
    assert message in function.init_error
    assert function.pids() == []


def test_a_module_that_is_mended_serves_the_next_invocation(make: Make, tmp_path: Path) -> None:
    function = make("import no_such_module")
    assert function.invoke(b"{}").error is not None
    configuration(tmp_path, "def handler(e, c): return 'mended'")
    assert function.invoke(b"{}").result == b'"mended"'
    assert function.init_error is None


def test_an_exit_at_import_is_reported(make: Make) -> None:
    function = make("import os\nos._exit(5)")
    assert function.invoke(b"{}").error_type == "Runtime.ExitError"
    assert function.init_error == "Runtime.ExitError: Runtime exited with error: exit status 5"


def test_an_init_over_its_limit_is_tried_once_more_within_the_timeout(make: Make, tmp_path: Path) -> None:
    started = tmp_path / "started"
    function = make(
        "import time, pathlib\n"
        f"started = pathlib.Path({str(started)!r})\n"
        "if not started.exists(): started.touch(); time.sleep(60)\n"
        "def handler(e, c): return 'late'",
        init_timeout=2.0,
    )
    assert function.invoke(b"{}").result == b'"late"'


def test_an_init_that_never_ends_is_a_timeout(make: Make) -> None:
    function = make("import time\ntime.sleep(60)", init_timeout=0.1, timeout=0.1)
    assert function.invoke(b"{}").error_type == "Sandbox.Timedout"
    assert function.init_error == "the runtime asked for nothing before the deadline"
    assert function.pids() == []


def test_a_result_that_is_no_json_is_an_error(make: Make) -> None:
    invocation = make("def handler(e, c): return {1, 2}").invoke(b"{}")
    assert invocation.error_type == "Runtime.MarshalError"


def test_an_event_that_is_no_json_is_an_error(make: Make) -> None:
    assert make("def handler(e, c): return 1").invoke(b"{").error_type == "Runtime.UnmarshalError"


def test_a_response_over_six_megabytes_is_an_error_and_the_function_goes_on(make: Make) -> None:
    function = make("def handler(e, c): return 'x' * e['n']")
    largest = function.invoke(b'{"n": 6291554}')
    assert largest.result is not None
    assert len(largest.result) == 6291556
    error = document(function.invoke(b'{"n": 6291555}').error)
    assert error["errorType"] == "Function.ResponseSizeTooLarge"
    assert function.invoke(b'{"n": 1}').result == b'"x"'


def test_a_request_over_six_megabytes_never_reaches_the_function(make: Make) -> None:
    function = make("def handler(e, c): return len(e)")
    assert function.invoke(b'"' + b"x" * (REQUEST_LIMIT - 2) + b'"').result == str(REQUEST_LIMIT - 2).encode()
    with pytest.raises(RequestTooLargeError):
        function.invoke(b" " * (REQUEST_LIMIT + 1))


def test_what_the_handler_prints_is_in_the_log(make: Make, tmp_path: Path) -> None:
    make("import sys\ndef handler(e, c): print('to out'); print('to err', file=sys.stderr)").invoke(b"{}")
    log = (tmp_path / "log").read_text()
    assert "to out" in log
    assert "to err" in log


def test_no_setting_of_the_callers_account_reaches_the_handler(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "AWS_PROFILE",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_REGION",
        "AWS_ENDPOINT_URL_SQS",
        "AWS_CONFIG_FILE",
        "PYTHONPATH",
        "SECRET",
    ):
        monkeypatch.setenv(name, "real")
    function = make(
        "import os\ndef handler(e, c): return dict(os.environ)", environment={"OWN": "1", "TZ": "X"}
    )
    variables = document(function.invoke(b"{}").result)
    assert "real" not in variables.values()
    assert variables["AWS_ACCESS_KEY_ID"] == variables["AWS_SECRET_ACCESS_KEY"] == "testing"
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9"
    assert variables["AWS_REGION"] == "us-east-1"
    assert variables["AWS_CONFIG_FILE"] == variables["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert variables["OWN"] == "1"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "under-test"
    assert variables["_HANDLER"] == "code_under_test.handler"


def test_the_handlers_neighbours_are_imported_before_anything_of_ours(make: Make, tmp_path: Path) -> None:
    (tmp_path / "environment.py").write_text("name = 1")
    function = make("import environment, sys\ndef handler(e, c): return [environment.name, sys.stdin.read()]")
    assert document(function.invoke(b"{}").result) == [1, ""]
