"""tests/policy/calls.json, by which the policies are judged, is what the running stack asks of AWS."""

import pytest

from tests.fakes.webhook_receiver import Receiver
from tests.flow.stack import LocalStack
from tests.policy.recording import checked_in, record

pytestmark = pytest.mark.xdist_group("stack")


def test_the_calls_that_policies_are_judged_by_are_those_that_the_stack_makes(
    alerting: LocalStack, receiver: Receiver
) -> None:
    recorded = record(alerting, receiver)
    assert recorded == checked_in(), "look at the difference, then `python -m tests.policy`"
