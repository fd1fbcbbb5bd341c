"""Logs and counters. Ids, statuses and error codes only: never an address, never a word of the message."""

from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

P = ParamSpec("P")
R = TypeVar("R")

logger = Logger(service="contactflow", utc=True)
metrics = Metrics(namespace="ContactFlow", service="contactflow")
#: What happened how often since the counters were last written out.
counted: Counter[str] = Counter()


def count(name: str, **fields: str) -> None:
    """Count one `name` and log it with the fields that say which."""
    counted[name] += 1
    logger.info(name, extra=fields)


def reported(handler: Callable[P, R]) -> Callable[P, R]:
    """Write the counters out when the handler ends, however it ends; Powertools' own decorator warns of none."""

    @wraps(handler)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return handler(*args, **kwargs)
        finally:
            _write_out()

    return wrapped


def _write_out() -> None:
    """One value for each counter, whatever the batch held: CloudWatch's Sum is what alarms and dashboard ask for."""
    for name, number in counted.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
    counted.clear()
    if metrics.metric_set:
        metrics.flush_metrics()
