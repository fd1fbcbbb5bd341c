"""FakeCloud and DynamoDB's expressions must agree, or every test on the fake proves nothing."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers import aws
from handlers.aws.clients import dynamodb
from handlers.core import acceptance, delivery, sending
from handlers.core.change import Change
from handlers.errors import ConditionFailedError, OutcomeUnknownError, PermanentSendError, TransientSendError
from schemas.record import MessageRecord, Status
from schemas.ses_event import SES_EVENT
from tests.contract.conftest import TABLE, Cloud
from tests.fakes import ses_events
from tests.fakes.cloud import FakeCloud
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def _every_change() -> list[Change]:
    changes = [
        sending.claim("m1", "a", NOW),
        *sending.sent("m1", "a", ses_events.SES_MESSAGE_ID, NOW),
        *(
            sending.failed("m1", "a", error("x"), NOW)
            for error in (TransientSendError, PermanentSendError, OutcomeUnknownError)
        ),
        acceptance.redrive(record(Status.REVIEW), NOW),
    ]
    for name in ses_events.PARTS:
        event = SES_EVENT.validate_python(ses_events.event(name))
        changes += delivery.changes(event, "m1", 0, "2026-11-24T12:00:00.000Z")
    return changes


CHANGES = _every_change()


@given(st.lists(st.sampled_from(range(len(CHANGES))), max_size=8), st.sampled_from(list(Status)))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_fake_table_and_dynamodb_end_in_the_same_record(
    cloud: Cloud, numbers: list[int], status: Status
) -> None:
    start = record(status)
    fake = FakeCloud({"m1": start})
    dynamodb().delete_item(TableName=TABLE, Key={"pk": {"S": "MSG#m1"}, "sk": {"S": "RECORD"}})
    aws.put_record(TABLE, start)
    for number in numbers:
        assert _try(lambda c: fake.change_record(TABLE, c), CHANGES[number]) == _try(
            lambda c: aws.change_record(TABLE, c), CHANGES[number]
        )
    assert aws.get_record(TABLE, "m1") == fake.items["m1"]


def _try(change: Callable[[Change], MessageRecord], what: Change) -> MessageRecord | None:
    try:
        return change(what)
    except ConditionFailedError:
        return None


def test_a_change_to_a_message_that_is_not_there_makes_none(cloud: Cloud) -> None:
    for change in CHANGES:
        with pytest.raises(ConditionFailedError) as refused:
            aws.change_record(TABLE, change)
        assert refused.value.record is None
    assert aws.get_record(TABLE, "m1") is None
