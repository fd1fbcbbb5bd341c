"""Runs statemachine/delivery.asl.json in virtual time: the state types, Retry, Catch and Wait that it uses.

https://states-language.net/spec.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handlers.core import times
from tests.simulation import asl_data
from tests.simulation.asl_data import Reader, Rule
from tests.simulation.cloud import SimClock
from tests.simulation.scheduler import Scheduler

#: `States.ALL` catches neither of them.
_NOT_IN_ALL = {"States.DataLimitExceeded", "States.Runtime"}


class TaskError(Exception):
    """A task failed; `name` is what `ErrorEquals` is compared with."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class ExecutionFailedError(Exception):
    """The execution ends in FAILED."""


#: Calls what a Task's Resource names, within so many seconds; raises TaskError, after them TASK_TIMEOUT's.
Service = Callable[[str, dict[str, Any], float], None]
TASK_TIMEOUT = "States.Timeout"


@dataclass
class Interpreter:
    definition: dict[str, Any]
    scheduler: Scheduler
    clock: SimClock
    service: Service
    #: of the states that have them, by the state's name
    _parameters: dict[str, Reader] = field(init=False)
    _choices: dict[str, list[tuple[Rule, str]]] = field(init=False)

    def __post_init__(self) -> None:
        states: dict[str, dict[str, Any]] = self.definition["States"]
        self._parameters = {
            name: asl_data.template(state["Parameters"])
            for name, state in states.items()
            if state["Type"] == "Task"
        }
        self._choices = {
            name: [(asl_data.rule(choice), choice["Next"]) for choice in state["Choices"]]
            for name, state in states.items()
            if state["Type"] == "Choice"
        }

    def run(self, data: dict[str, Any]) -> None:
        """Return when the execution succeeded; raise ExecutionFailedError when it failed."""
        name: str | None = self.definition["StartAt"]
        while name is not None:
            name, data = self._enter(name, data)

    def _enter(self, name: str, data: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
        state = self.definition["States"][name]
        match state["Type"]:
            case "Choice":
                chosen = (then for holds, then in self._choices[name] if holds(data))
                return next(chosen, state["Default"]), data
            case "Wait":
                self.scheduler.pause(asl_data.path(state["SecondsPath"])(data, {}))
                return state["Next"], data
            case "Task":
                return self._task(name, state, data)
            case "Succeed":
                return None, data
            case "Fail":
                raise ExecutionFailedError(state["Error"])
        raise NotImplementedError(state["Type"])

    def _task(self, name: str, state: dict[str, Any], data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        retried: Counter[int] = Counter()
        while True:
            try:
                self._attempt(name, state, data)
            except TaskError as error:
                seconds = self._retry_in(state["Retry"], error.name, retried)
                if seconds is None:
                    return self._caught(state, data, error.name)
                self.scheduler.pause(seconds)
            else:
                if state["ResultPath"] is not None:
                    raise NotImplementedError("a result that is kept")
                return state["Next"], data

    def _attempt(self, name: str, state: dict[str, Any], data: dict[str, Any]) -> None:
        context = {"State": {"EnteredTime": times.iso(self.clock.now())}}
        parameters = self._parameters[name](data, context)
        self.service(state["Resource"], parameters, state["TimeoutSeconds"])

    def _retry_in(self, retriers: list[dict[str, Any]], name: str, retried: Counter[int]) -> float | None:
        """Each retrier counts for itself. Full jitter is anything between nothing and the whole wait."""
        for number, retrier in enumerate(retriers):
            if not _matches(retrier["ErrorEquals"], name):
                continue
            if retried[number] >= retrier["MaxAttempts"]:
                return None
            wait = retrier["IntervalSeconds"] * retrier["BackoffRate"] ** retried[number]
            retried[number] += 1
            share = self.scheduler.random.random() if retrier["JitterStrategy"] == "FULL" else 1
            return float(min(wait, retrier["MaxDelaySeconds"]) * share)
        return None

    def _caught(self, state: dict[str, Any], data: dict[str, Any], name: str) -> tuple[str, dict[str, Any]]:
        for catcher in state.get("Catch", []):
            if _matches(catcher["ErrorEquals"], name):
                result_path = catcher["ResultPath"]
                failure = {result_path.removeprefix("$."): {"Error": name}} if result_path else {}
                return catcher["Next"], data | failure
        raise ExecutionFailedError(name)


def _matches(names: list[str], name: str) -> bool:
    if "States.TaskFailed" in names:
        raise NotImplementedError("States.TaskFailed")
    return name in names or ("States.ALL" in names and name not in _NOT_IN_ALL)
