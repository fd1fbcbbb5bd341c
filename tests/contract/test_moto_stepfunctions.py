import datetime as dt
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from moto.awslambda.exceptions import LambdaClientError
from moto.core.exceptions import JsonRESTError
from moto.sqs.models import sqs_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from ops.local import cloud, stack
from ops.local.patches import executions, invoke
from ops.local.patches.interpreter import extract_json, timestamp
from ops.local.patches.transformer import transformed
from tests.contract.moto_template import template
from tests.contract.translated import resource

ROLE = f"arn:aws:iam::{cloud.ACCOUNT}:role/r"
Run = Callable[..., Any]


@pytest.fixture
def states() -> Iterator[Any]:
    running = cloud.start()
    yield stepfunctions_parser_backends[cloud.ACCOUNT][cloud.REGION]
    running.stop()


@pytest.fixture
def run(states: Any) -> Iterator[Run]:
    """Runs one state, named Only, to its end and answers the execution."""
    over = threading.Event()

    def finished(_: Any) -> None:
        over.set()

    def run_state(state: Mapping[str, Any], **program: Any) -> Any:
        definition = {"StartAt": "Only", "States": {"Only": {"End": True, **state}}, **program}
        machine = states.create_state_machine(f"m{len(states.state_machines)}", json.dumps(definition), ROLE)
        execution = states.start_execution(machine.arn, None, '{"id": "1"}')
        assert over.wait(20)
        return execution

    executions.ended.append(finished)
    yield run_state
    executions.ended.remove(finished)


def lambda_task(**fields: Any) -> dict[str, Any]:
    parameters = {"FunctionName": "f", "Payload": {"id.$": "$.id"}}
    return {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": parameters, **fields}


def answering(answer: bytes, *, error: bool = False) -> invoke.Invoker:
    def invoker(
        function_name: str,
        qualifier: str | None,
        body: str | bytes | None,
        headers: Mapping[str, str],
        response_headers: dict[str, str],
    ) -> bytes:
        assert (function_name, qualifier, json.loads(body or b""), headers) == ("f", None, {"id": "1"}, {})
        if error:
            response_headers["x-amz-function-error"] = "Unhandled"
        return answer

    return invoker


def test_eight_threads_start_one_execution_of_a_name(states: Any) -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": True}}}
    machine = states.create_state_machine("m", json.dumps(wait), ROLE)
    barrier = threading.Barrier(8)

    def start(number: int) -> str:
        outcomes = []
        for name in range(25):
            barrier.wait()
            try:
                states.start_execution(machine.arn, f"n{name}", json.dumps({"by": number}))
                outcomes.append("started")
            except JsonRESTError as refused:
                outcomes.append(refused.error_type)
        return " ".join(outcomes)

    with ThreadPoolExecutor(8) as pool:
        outcomes = [outcome.split() for outcome in pool.map(start, range(8))]
    for of_one_name in zip(*outcomes, strict=True):
        assert sorted(of_one_name) == ["ExecutionAlreadyExists"] * 7 + ["started"]
    assert len(machine.executions) == 25


def test_the_same_name_and_input_is_the_same_execution_while_it_runs(states: Any) -> None:
    wait = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": True}}}
    machine = states.create_state_machine("m", json.dumps(wait), ROLE)
    first = states.start_execution(machine.arn, "n", "{}")
    assert states.start_execution(machine.arn, "n", "{}") is first
    assert states.describe_execution(first.execution_arn) is first


@pytest.mark.parametrize("name", ["", "a b", "a/b", "a:b", "x" * 81, "é*"])
def test_an_illegal_name_is_refused(states: Any, name: str) -> None:
    machine = states.create_state_machine(
        "m", json.dumps({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}), ROLE
    )
    with pytest.raises(JsonRESTError, match="InvalidName"):
        states.start_execution(machine.arn, name, "{}")


def test_the_context_object_is_json_with_times_in_awss_form(run: Run) -> None:
    execution = run({"Type": "Pass", "Parameters": {"context.$": "$$"}})
    context = execution.output["context"]
    for time in (context["Execution"]["StartTime"], context["State"]["EnteredTime"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)
    assert context["State"]["RetryCount"] == 0


def test_a_task_gets_what_its_function_returns(run: Run) -> None:
    invoke.register(answering(b'{"ok": true}'))
    assert run(lambda_task(OutputPath="$.Payload")).output == {"ok": True}


@pytest.mark.parametrize("name", ["TransientSendError", "Sandbox.Timedout", "Runtime.ExitError"])
def test_a_functions_error_type_is_the_error_that_catch_sees(run: Run, name: str) -> None:
    invoke.register(answering(json.dumps({"errorType": name, "errorMessage": "m"}).encode(), error=True))
    execution = run(lambda_task())
    assert (execution.status, execution.error) == ("FAILED", name)


def test_an_error_of_lambda_itself_is_named_after_lambda(run: Run) -> None:
    def throttled(*_: Any, **__: Any) -> bytes:
        raise LambdaClientError("TooManyRequestsException", "Rate exceeded")

    invoke.register(throttled)
    assert run(lambda_task()).error == "Lambda.TooManyRequestsException"


def test_a_task_that_takes_too_long_times_out(run: Run) -> None:
    asked = threading.Event()

    def stuck(*_: Any, **__: Any) -> bytes:
        asked.wait(20)
        return b"{}"

    invoke.register(stuck)
    execution = run(lambda_task(TimeoutSeconds=1))
    asked.set()
    assert (execution.status, execution.error) == ("FAILED", "States.Timeout")


def test_a_machine_that_takes_too_long_times_out(run: Run) -> None:
    assert run({"Type": "Wait", "Seconds": 60}, TimeoutSeconds=1).status == "TIMED_OUT"


def test_an_sdk_error_carries_the_services_name_of_the_java_sdk(run: Run) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sesv2:getEmailIdentity"}
    execution = run({**task, "Parameters": {"EmailIdentity": "nobody.example"}})
    assert execution.error == "SesV2.NotFoundException"


def test_each_retry_counts_for_itself_in_executions_that_share_a_definition(states: Any) -> None:
    calls: list[str] = []

    def failing(*arguments: Any, **_: Any) -> bytes:
        calls.append(json.loads(arguments[2])["id"])
        arguments[4]["x-amz-function-error"] = "Unhandled"
        return b'{"errorType": "Again"}'

    invoke.register(failing)
    retry = {"ErrorEquals": ["Again"], "IntervalSeconds": 1, "MaxAttempts": 1}
    definition = {"StartAt": "T", "States": {"T": lambda_task(Retry=[retry], End=True)}}
    machine = states.create_state_machine("m", json.dumps(definition), ROLE)
    over = threading.Semaphore(0)

    def ended(_: Any) -> None:
        over.release()

    executions.ended.append(ended)
    for number in range(10):
        states.start_execution(machine.arn, None, json.dumps({"id": str(number)}))
    for _ in range(10):
        assert over.acquire(timeout=20)
    executions.ended.remove(ended)
    assert sorted(calls) == sorted([str(number) for number in range(10)] * 2)


@pytest.mark.parametrize("status", ["ABORTED", "TIMED_OUT"])
def test_an_execution_that_did_not_succeed_reaches_the_rules_target(states: Any, status: str) -> None:
    created = stack.create_from(template(), {"SenderAddress": "contact@example.org"})
    wait: dict[str, Any] = {"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 60, "End": True}}}
    wait |= {"TimeoutSeconds": 1} if status == "TIMED_OUT" else {}
    machine = states.describe_state_machine(created.physical_ids["Machine"])
    machine.definition = json.dumps(wait)
    execution = states.start_execution(machine.arn, "lost", '{"messageId": "m1"}')
    if status == "ABORTED":
        boto3.client("stepfunctions").stop_execution(executionArn=execution.execution_arn)
    queue = created.physical_ids["Review"].rpartition("/")[2]
    [message] = sqs_backends[cloud.ACCOUNT][cloud.REGION].receive_message(queue, 1, 20, 30)
    event = json.loads(message.body)
    assert (event["detail"]["status"], event["detail"]["name"]) == (status, "lost")
    assert json.loads(event["detail"]["input"]) == {"messageId": "m1"}


def test_a_transformed_event_is_the_review_item_that_the_template_writes() -> None:
    [target] = resource("FailedExecutionRule")["Targets"]
    transformer = target["InputTransformer"]
    event = {"detail": {"name": 'm"1', "status": "ABORTED"}}
    body = transformed(transformer["InputTemplate"], transformer["InputPathsMap"], event)
    assert body == {"messageId": 'm"1', "reason": "ABORTED"}
    quoted = transformed('{"text": "<n> \\"is\\" <s>"}', {"n": "$.detail.name", "s": "$.missing"}, event)
    assert quoted == {"text": 'm"1 "is" '}


def test_a_plain_path_finds_what_jsonpath_finds() -> None:
    data = {"a": {"b": 1}, "list": [{"c": 2}]}
    assert [extract_json(path, data) for path in ("$", "$.a", "$.a.b", "$.list[0]")] == [
        data,
        {"b": 1},
        1,
        {"c": 2},
    ]
    with pytest.raises(Exception, match="could not be found"):
        extract_json("$.a.missing", data)


def test_a_time_has_milliseconds() -> None:
    moment = dt.datetime(2026, 11, 24, 23, 11, 9, 123987, tzinfo=dt.UTC)
    assert timestamp(moment) == "2026-11-24T23:11:09.123Z"
