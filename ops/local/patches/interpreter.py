"""Step Functions' interpreter: what an execution sees, and what it costs.

moto parses the definition for each execution and every JSONPath for each use, makes a boto3 client for each
task and one thread for each execution, program and task, of which it keeps all. Its context object has a
datetime that is not JSON and other time forms than AWS, and its SDK errors carry boto3's service names.
"""

import copy
import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser import utils
from moto.stepfunctions.parser.asl.component.eval_component import EvalComponent
from moto.stepfunctions.parser.asl.component.program import program
from moto.stepfunctions.parser.asl.component.state import state
from moto.stepfunctions.parser.asl.component.state.exec import execute_state
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service,
    state_task_service_aws_sdk,
)
from moto.stepfunctions.parser.asl.eval import environment, states
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils import boto_client, json_path
from moto.stepfunctions.parser.backend import execution_worker

from ops.local.patches.rebind import rebind
from ops.local.threads import Deadlines, ThreadPool

_PACKAGE = "moto.stepfunctions"

# The prefix of an AWS SDK task's errors is the service's name in the Java SDK 2:
# https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
_ERROR_PREFIXES = {"sesv2": "SesV2", "sqs": "Sqs", "sns": "Sns", "lambda": "Lambda", "s3": "S3"}

_PLAIN_PATH = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_]*)*")

_deadlines = Deadlines(period=0.5)
_task_threads = ThreadPool("task")
_context_data = states.ExecutionData
_state_data = states.StateData
_extract_json = json_path.extract_json


class _Forgetful(list[Any]):
    """A list that keeps nothing: moto appends each thread to one and never reads it."""

    def append(self, _thread: object) -> None:
        pass


def apply() -> None:
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES.update(_ERROR_PREFIXES)  # noqa: SLF001 - its own table
    AmazonStateLanguageParser.parse = staticmethod(functools.cache(AmazonStateLanguageParser.parse))
    # One parsed definition serves concurrent executions, which would race for a key made at first use.
    EvalComponent.heap_key = property(lambda component: str(id(component)))
    for name, original, replacement in (
        ("boto_client_for", boto_client.boto_client_for, _client_cache(boto_client.boto_client_for)),
        ("extract_json", _extract_json, extract_json),
        ("TMP_THREADS", utils.TMP_THREADS, _Forgetful()),
    ):
        rebind(_PACKAGE, name, original, replacement)
    json_path.parse = functools.lru_cache(maxsize=4096)(json_path.parse)
    state.StateData = _state
    execution_worker.ExecutionData = _execution
    for module in (states, environment, execute_state, state_task_service):
        module.copy = _ShallowCopy
    execute_state.Thread = _TaskThread
    program.Program.eval = _eval_program


def _client_cache(make: Any) -> Any:
    clients = functools.cache(lambda region, service: make(region=region, service=service))

    def boto_client_for(region: str, service: str, state_credentials: object = None) -> Any:  # noqa: ARG001
        return clients(region, service)

    return boto_client_for


def extract_json(path: str, data: Any) -> Any:
    """`$` and `$.a.b` without a parser; everything else as moto does it."""
    if not _PLAIN_PATH.fullmatch(path):
        return _extract_json(path, data)
    found = data
    for name in path.split(".")[1:]:
        if not isinstance(found, dict) or name not in found:
            raise json_path.NoSuchJsonPathError(json_path=path, data=data)
        found = found[name]
    return found


def timestamp(moment: dt.datetime) -> str:
    """As in https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def _state(**fields: Any) -> Any:
    entered = dt.datetime.fromisoformat(fields["EnteredTime"])
    return _state_data(**{**fields, "EnteredTime": timestamp(entered), "RetryCount": 0})


def _execution(**fields: Any) -> Any:
    return _context_data(**{**fields, "StartTime": timestamp(fields["StartTime"]), "RedriveCount": 0})


class _ShallowCopy:
    """Stands in for the module `copy` where JSON and flat records are copied."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: _ShallowCopy.deepcopy(member) for key, member in value.items()}
        if isinstance(value, list):
            return [_ShallowCopy.deepcopy(member) for member in value]
        return copy.copy(value)


class _TaskThread:
    """Stands in for the Thread that runs one attempt of a task."""

    def __init__(self, *, target: Callable[[], None], daemon: bool) -> None:
        self._target = target
        self.daemon = daemon

    def start(self) -> None:
        _task_threads.run(self._target)


def _eval_program(self: Any, env: Any) -> None:
    """In the execution's own thread; the machine's TimeoutSeconds is watched from outside it."""
    env.next_state_name = self.start_at.start_at_name
    if self.timeout_seconds is not None:
        _deadlines.watch(id(env), self.timeout_seconds.timeout_seconds, env.set_timed_out)
    try:
        EvalComponent.eval(self, env)
    finally:
        _deadlines.forget(id(env))
