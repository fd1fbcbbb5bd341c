"""EventBridge's scheduled rules: invokes their functions every so often."""

import re
import threading
from collections.abc import Callable

import boto3

_UNITS = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0}
RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")


class UnknownScheduleError(ValueError):
    """The template has a schedule that is not emulated."""


def seconds(expression: str) -> float:
    """Seconds of `rate(5 minutes)`. Raises UnknownScheduleError for a cron expression.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html
    """
    rate = RATE.fullmatch(expression)
    if rate is None:
        raise UnknownScheduleError(f"the schedule {expression} is not emulated")
    return int(rate[1]) * _UNITS[rate[2]]


def scheduled() -> list[tuple[str, float]]:
    """(target ARN, seconds between invocations) of every enabled rule of the stack that has a schedule."""
    events = boto3.client("events")
    return [
        (target["Arn"], seconds(rule["ScheduleExpression"]))
        for rule in events.list_rules()["Rules"]
        if rule.get("ScheduleExpression") and rule.get("State") == "ENABLED"
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    ]


class Schedule:
    """Invokes one target from its first interval on, until `stop`."""

    def __init__(self, every: float, invoke: Callable[[], object]) -> None:
        self._every = every
        self._invoke = invoke
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(self._every):
            self._invoke()
