"""All interleavings of the send protocol. `python -m tests.model` takes three faults."""

import pytest

from tests.model.explore import explore
from tests.model.protocol import Protocol, Table


@pytest.mark.parametrize(("messages", "faults"), [(1, 2), (2, 1)])
def test_two_workers_never_have_ses_take_a_mail_twice_and_always_can_end(messages: int, faults: int) -> None:
    found = explore(Protocol(Table()), messages=messages, workers=2, faults=faults)
    assert (found.duplicates, found.hopeless) == (0, 0)
    assert found.states > 5_000


@pytest.mark.parametrize("wrong", [Protocol(Table(), attempts=3), Protocol(Table(), conditional=False)])
def test_the_check_notices_an_sdk_that_repeats_and_a_claim_without_condition(wrong: Protocol) -> None:
    assert explore(wrong, messages=1, workers=2, faults=2).duplicates > 0
