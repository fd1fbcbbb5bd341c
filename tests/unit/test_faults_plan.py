"""Faults strike as often as planned, and only whom they are meant for."""

from typing import Any

import pytest

from ops.local.api_calls import Request
from ops.local.faults.calls import CALL_FAULTS, GATEWAY
from ops.local.faults.plan import Odds, Plan
from ops.local.faults.queues import UnrulyStore


def _call(operation: str, body: bytes = b"{}") -> Request:
    return Request("POST", "/", "", {"x-amz-target": f"Service.{operation}"}, body)


def test_nothing_happens_unless_it_is_planned() -> None:
    assert not Plan().strikes("DynamoDB throttles")


def test_a_limit_counts_from_when_it_is_set() -> None:
    plan = Plan()
    for _ in range(2):
        plan.set({"DynamoDB throttles": Odds(1.0, 3)})
        assert [plan.strikes("DynamoDB throttles") for _ in range(5)] == [True, True, True, False, False]
    assert plan.injected() == {"DynamoDB throttles": 6}


def test_the_same_seed_strikes_the_same_occasions() -> None:
    def struck() -> list[bool]:
        plan = Plan()
        plan.seed(7)
        plan.set({"DynamoDB throttles": Odds(0.5, None)})
        return [plan.strikes("DynamoDB throttles") for _ in range(100)]

    assert struck() == struck()
    assert len(set(struck())) == 2


@pytest.mark.parametrize(
    ("fault", "caller", "request_", "meets"),
    [
        ("sender killed after its claim", "send_email", _call("UpdateItem", b'{":set_claim": 1}'), True),
        ("sender killed after its claim", "send_email", _call("UpdateItem", b'{":set_status": 1}'), False),
        ("sender killed after its claim", "process_feedback", _call("UpdateItem", b":set_claim"), False),
        ("DynamoDB throttles", "sweep", _call("Query"), True),
        ("DynamoDB throttles", GATEWAY, _call("GetItem"), False),
        ("gateway cut off", GATEWAY, _call("GetItem"), True),
    ],
)
def test_a_fault_meets_the_calls_it_is_meant_for(
    fault: str,
    caller: str,
    request_: Request,
    meets: bool,  # noqa: FBT001 - the expectation
) -> None:
    assert CALL_FAULTS[fault].meets(caller, request_) is meets


class _Message:
    id = "one"


def _taken(store: UnrulyStore) -> list[Any]:
    return store.take(10, 0, 60_000, lambda message: message)[0]


def test_a_message_is_delivered_again_while_it_is_worked_on_and_only_once_more() -> None:
    plan = Plan()
    plan.set({"message to two receivers": Odds(1.0, None), "message again after its delete": Odds(1.0, None)})
    store = UnrulyStore(plan)
    store.add(_Message(), 0)
    assert [len(_taken(store)) for _ in range(3)] == [1, 1, 0]
    store.delete("one")
    assert store.counts().in_flight == 0
