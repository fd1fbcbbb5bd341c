"""The state machine's file: its names are the template's, its error names are classes, its calls have limits."""

import builtins
import json
import re
from typing import Any

import pytest

from handlers import errors
from tests.contract.translated import ROOT, resource

TEXT = (ROOT / "statemachine" / "delivery.asl.json").read_text(encoding="utf-8")
MACHINE: dict[str, Any] = json.loads(TEXT)
TASKS = {name: state for name, state in MACHINE["States"].items() if state["Type"] == "Task"}
# Their failure ends the execution; the template's FailedExecutionRule then puts the message into the review queue.
MAY_FAIL = {"ManualReview"}
# What Step Functions itself reports: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
# and what Lambda reports of a process that died: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
REPORTED_BY_AWS = re.compile(
    r"States\.(ALL|Timeout|TaskFailed)|Lambda\.Unknown|Sandbox\.Timedout|Runtime\.ExitError"
)
# Every error of a service integration is named with this ending, even where the API has none:
# https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
NAMED_BY_A_SERVICE = re.compile(r"(Lambda|DynamoDB|Sqs|Sns)\.\w+Exception")


def _rules(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [*state.get("Retry", []), *state.get("Catch", [])]


def _error_names() -> list[str]:
    return sorted({name for task in TASKS.values() for rule in _rules(task) for name in rule["ErrorEquals"]})


def _leads_to(state: dict[str, Any]) -> set[str]:
    following = [state, *state.get("Catch", []), *state.get("Choices", [])]
    return {one[key] for one in following for key in ("Next", "Default") if key in one}


def test_the_template_fills_in_exactly_the_names_that_the_file_uses() -> None:
    used = set(re.findall(r"\$\{(\w+)\}", TEXT))
    assert used == resource("DeliveryStateMachine")["DefinitionSubstitutions"].keys()


def test_a_name_to_fill_in_stands_inside_a_json_string() -> None:
    assert re.findall(r'(?<!")\$\{\w+\}|\$\{\w+\}(?!")', TEXT) == []


def test_the_states_are_few_and_every_one_is_reached() -> None:
    reached = {MACHINE["StartAt"]}.union(*map(_leads_to, MACHINE["States"].values()))
    assert reached == MACHINE["States"].keys()
    assert len(MACHINE["States"]) <= 12


@pytest.mark.parametrize("task", TASKS)
def test_a_task_cannot_hang(task: str) -> None:
    assert TASKS[task]["TimeoutSeconds"] > 0


@pytest.mark.parametrize("task", TASKS)
def test_a_task_waits_longer_than_the_function_behind_it_may_run(task: str) -> None:
    function = TASKS[task]["Parameters"].get("FunctionName")
    if function is not None:
        logical_id = function.strip("${}").removesuffix("Arn")
        assert TASKS[task]["TimeoutSeconds"] > resource(logical_id)["Timeout"]


@pytest.mark.parametrize("task", TASKS)
def test_a_retry_is_spread_out_and_bounded(task: str) -> None:
    retries = TASKS[task]["Retry"]
    assert retries
    for retry in retries:
        assert retry["JitterStrategy"] == "FULL"
        assert retry["BackoffRate"] > 1
        assert retry["MaxDelaySeconds"] <= 300
        assert retry["MaxAttempts"] <= 20


@pytest.mark.parametrize("task", sorted(TASKS.keys() - MAY_FAIL))
def test_whatever_a_task_raises_leads_somewhere(task: str) -> None:
    assert TASKS[task]["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


@pytest.mark.parametrize("task", TASKS)
def test_states_all_stands_alone_and_last(task: str) -> None:
    for rules in (TASKS[task]["Retry"], TASKS[task].get("Catch", [])):
        assert not any("States.ALL" in rule["ErrorEquals"] for rule in rules[:-1])
        assert all(
            rule["ErrorEquals"] == ["States.ALL"] for rule in rules if "States.ALL" in rule["ErrorEquals"]
        )


@pytest.mark.parametrize("name", _error_names())
def test_an_error_name_is_one_of_ours_or_one_that_aws_reports(name: str) -> None:
    ours = getattr(errors, name, None)
    if ours is None:
        assert not hasattr(builtins, name)
        assert REPORTED_BY_AWS.fullmatch(name) or NAMED_BY_A_SERVICE.fullmatch(name)
    else:
        assert issubclass(ours, errors.ContactFlowError)


def test_an_unknown_outcome_is_waited_for_and_never_retried() -> None:
    [unknown] = [rule for rule in TASKS["SendEmail"]["Catch"] if "OutcomeUnknownError" in rule["ErrorEquals"]]
    retried = {name for retry in TASKS["SendEmail"]["Retry"] for name in retry["ErrorEquals"]}
    assert MACHINE["States"][unknown["Next"]]["Type"] == "Wait"
    assert retried.isdisjoint(
        {*unknown["ErrorEquals"], "PermanentSendError", "OutcomeUnresolvedError", "States.ALL"}
    )


@pytest.mark.parametrize("task", ["SendEmail", "SendAcknowledgement"])
def test_a_function_is_told_the_id_and_its_answer_is_not_kept(task: str) -> None:
    assert TASKS[task]["Parameters"]["Payload"] == {"messageId.$": "$.messageId"}
    assert TASKS[task]["ResultPath"] is None


def test_the_whole_execution_ends_within_a_day_and_after_the_longest_deadline() -> None:
    assert MACHINE["TimeoutSeconds"] == 86_400
