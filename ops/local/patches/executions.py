"""Step Functions: starting, finding and ending executions.

moto looks a name up by scanning all executions, copies the whole state machine for each start, starts the
same name twice when two threads ask at once, calls an execution without a name "None", validates no name,
keeps every thread it ever started and tells nobody when an execution ends.
"""

import copy
import datetime as dt
import json
import re
import threading
import uuid
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.exceptions import (
    ExecutionAlreadyExists,
    ExecutionDoesNotExist,
    InvalidExecutionInput,
    InvalidName,
)
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from ops.local.threads import ThreadPool

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
_NAME = re.compile(r"[^\x00-\x20\x7f-\x9f<>{}\[\]?*\"#%\\^|~`$&,;:/\ud800-\udfff]{1,80}")

_threads = ThreadPool("execution")
_starting = threading.Lock()
#: called in the execution's own thread whenever one has ended, however it ended
ended: list[Callable[[Execution], None]] = []


def apply() -> None:
    StepFunctionsParserBackend.start_execution = start_execution
    StepFunctionsParserBackend.describe_execution = describe_execution
    ExecutionWorker.start = _start_worker
    BaseExecutionWorkerCommunication.terminated = _terminated


def start_execution(
    backend: StepFunctionsParserBackend,
    state_machine_arn: str,
    name: str | None = None,
    execution_input: str | None = None,
    trace_header: str | None = None,
) -> Execution:
    """Idempotent while the execution of that name and input runs; ExecutionAlreadyExists after that."""
    machine = backend.describe_state_machine(state_machine_arn)
    name = str(uuid.uuid4()) if name is None else name
    if not _NAME.fullmatch(name):
        raise InvalidName(f"Invalid Name: '{name}'")
    body = _valid_json("{}" if execution_input is None else execution_input)
    with _starting:
        existing = _by_name(machine).get(name)
        if existing is not None:
            return _same(existing, body)
        execution = _new(backend, machine, name, body, trace_header)
        _by_name(machine)[name] = execution
        machine.executions.append(execution)
        execution.start()
    return execution


def describe_execution(backend: StepFunctionsParserBackend, execution_arn: str) -> Execution:
    backend._validate_execution_arn(execution_arn)  # noqa: SLF001 - moto's own check
    machine = backend._get_state_machine_for_execution(execution_arn)  # noqa: SLF001 - moto's own search
    execution = _by_name(machine).get(execution_arn.split(":")[7])
    if execution is None:
        raise ExecutionDoesNotExist(f"Execution Does Not Exist: '{execution_arn}'")
    return execution


def _by_name(machine: StateMachine) -> dict[str, Execution]:
    found: dict[str, Execution] = machine.__dict__.setdefault("executions_by_name", {})
    return found


def _same(existing: Execution, body: str) -> Execution:
    if existing.execution_input == body and existing.status == "RUNNING":
        return existing
    raise ExecutionAlreadyExists(f"Execution Already Exists: '{existing.execution_arn}'")


def _valid_json(body: str) -> str:
    try:
        json.loads(body)
    except ValueError as error:
        raise InvalidExecutionInput(str(error)) from error
    return body


def _new(
    backend: StepFunctionsParserBackend, machine: StateMachine, name: str, body: str, trace_header: str | None
) -> Execution:
    # A later update of the machine must not reach this execution; nothing in it is changed in place.
    snapshot = copy.copy(machine)
    snapshot.executions = []
    return Execution(
        name=name,
        sm_type=snapshot.sm_type,
        role_arn=snapshot.roleArn,
        exec_arn=f"arn:aws:states:{backend.region_name}:{backend.account_id}:execution:{machine.name}:{name}",
        account_id=backend.account_id,
        region_name=backend.region_name,
        state_machine=snapshot,
        start_date=dt.datetime.now(tz=dt.UTC),
        cloud_watch_logging_session=None,
        input_data=body,
        trace_header=trace_header,
        activity_store={},
    )


def _start_worker(worker: ExecutionWorker) -> None:
    _threads.run(worker._execution_logic)  # noqa: SLF001 - what moto's own start runs


def _terminated(communication: Any) -> None:
    communication._reflect_execution_status()  # noqa: SLF001 - all that moto's own does
    for callback in ended:
        callback(communication.execution)
