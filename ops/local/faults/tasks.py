"""Faults of the calls that an execution makes itself, without a function: refused, or done and not heard of."""

import functools
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError
from moto.stepfunctions.parser.asl.utils import boto_client

from ops.local.faults.plan import Plan
from ops.local.patches.rebind import rebind

#: service of the call → the state that makes it
_STATES = {"dynamodb": "RecordReview", "sqs": "ManualReview", "sns": "NotifyFailure"}
TASK_FAULTS = frozenset(
    f"{state} {what}" for state in _STATES.values() for what in ("is throttled", "loses its answer")
)


def install(plan: Plan) -> None:
    """Before the first execution."""
    make = boto_client.boto_client_for
    faulty = functools.cache(lambda region, service: _with_faults(make(region, service), service, plan))

    def boto_client_for(region: str, service: str, state_credentials: object = None) -> Any:  # noqa: ARG001 - moto's own
        return faulty(region, service)

    rebind("moto.stepfunctions", "boto_client_for", make, boto_client_for)


def _with_faults(client: Any, service: str, plan: Plan) -> Any:
    if state := _STATES.get(service):
        # A handler of before-send that raises keeps moto's own, which carries the call out, from its turn:
        # https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
        client.meta.events.register_first("before-send", _throttle(plan, f"{state} is throttled"))
        client.meta.events.register("after-call", _lose(plan, f"{state} loses its answer"))
    return client


def _throttle(plan: Plan, fault: str) -> Callable[..., None]:
    refusal = {
        "Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"},
        "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "injected"},
    }

    def throttle(**_event: object) -> None:
        if plan.strikes(fault):
            raise ClientError(refusal, "injected")  # type: ignore[arg-type] # its metadata has more in AWS's answers

    return throttle


def _lose(plan: Plan, fault: str) -> Callable[..., None]:
    def lose(**_event: object) -> None:
        if plan.strikes(fault):
            raise ReadTimeoutError(endpoint_url="https://injected.invalid")

    return lose
