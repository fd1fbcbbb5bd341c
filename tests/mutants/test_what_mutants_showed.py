"""Cases that no other test had noticed until a mutant survived."""

import json
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from handlers.core import acceptance, delivery, sending
from handlers.core.change import expression
from handlers.errors import ConditionFailedError
from schemas.record import Status
from schemas.ses_event import SES_EVENT
from schemas.workflow import WorkflowInput
from tests.fakes import ses_events
from tests.fakes.cloud import FakeCloud
from tests.fakes.records import SUBMISSION, record
from tests.fakes.starter import attributes, starter


@dataclass
class OrderedCloud(FakeCloud):
    """Remembers whether the record was there when its execution started."""

    in_order: list[bool] = field(default_factory=list)

    def start_execution(self, state_machine: str, name: str, workflow_input: WorkflowInput) -> bool:
        self.in_order.append(workflow_input.messageId in self.items)
        return super().start_execution(state_machine, name, workflow_input)


NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_two_delays_of_one_mail_are_two_entries_of_its_timeline() -> None:
    first, second = (deepcopy(ses_events.event("DeliveryDelay")) for _ in range(2))
    second["deliveryDelay"]["timestamp"] = "2026-11-24T11:05:00.000Z"
    keys = {delivery.outcome(SES_EVENT.validate_python(event)).key for event in (first, second)}
    assert len(keys) == 2


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.REVIEW])
def test_only_what_is_in_review_is_redriven(status: Status) -> None:
    with pytest.raises(ConditionFailedError):
        FakeCloud({"m1": record(status)}).change_record("messages", acceptance.redrive(record(), NOW))


def test_a_redrive_that_comes_twice_counts_once() -> None:
    held = record(Status.REVIEW)
    change = acceptance.redrive(held, NOW)
    table = FakeCloud({"m1": held})
    assert table.change_record("messages", change).replays == 1
    table.items["m1"] = table.items["m1"].model_copy(update={"status": Status.REVIEW})
    with pytest.raises(ConditionFailedError):
        table.change_record("messages", change)


def test_every_condition_of_a_change_reaches_dynamodb() -> None:
    words = expression(sending.claim("m1", "a", NOW))
    assert words.condition == (
        "attribute_exists(pk) AND attribute_not_exists(#events.#event) AND #status IN (:in_queued)"
    )


def test_no_execution_starts_before_its_record_is_there() -> None:
    cloud = OrderedCloud()
    starter(cloud).start(json.dumps(SUBMISSION), attributes("m1"))
    assert cloud.in_order == [True]
