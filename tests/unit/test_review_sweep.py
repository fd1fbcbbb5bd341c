import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import times
from handlers.core.intake import POISON_EVENT
from ops.review import sweep
from ops.review.index import POISON_INTAKE
from ops.review.queue import Received
from schemas.record import MessageRecord, Status
from tests.fakes.records import SUBMISSION, record

SENT = datetime(2026, 11, 24, 10, tzinfo=UTC)
NOW = SENT + timedelta(hours=1)
SQS_ID = "5a8d5b9e-7f0c-4f6e-9a0b-1c2d3e4f5a6b"


def _received(body: str, source: str | None = None, **attributes: str) -> Received:
    return Received(SQS_ID, "handle", body, attributes, SENT, source)


def _record_of(message: Received) -> MessageRecord:
    found = sweep.identify(message, 30, NOW)
    assert isinstance(found, MessageRecord)
    return found


def test_a_review_item_names_its_message() -> None:
    assert sweep.identify(_received('{"messageId":"m1","reason":"x"}'), 30, NOW) == "m1"


def test_a_submission_keeps_its_id_its_content_and_the_time_of_its_click() -> None:
    message = _received(json.dumps(SUBMISSION), messageId="m1", receivedAt="1795514400000")
    found = _record_of(message)
    assert (found.messageId, found.status, found.reason) == ("m1", Status.REVIEW, POISON_INTAKE)
    assert json.loads(found.submission) == SUBMISSION
    assert found.acceptedAt == "2026-11-24T10:00:00.000Z"


def test_a_form_is_no_reason_to_hold_what_was_moved_here() -> None:
    found = _record_of(_received(json.dumps(SUBMISSION | {"form": "sales"}), messageId="m1"))
    assert (found.reason, found.form) == (POISON_INTAKE, "sales")


def test_attributes_that_no_starter_can_read_are_no_obstacle() -> None:
    found = _record_of(_received(json.dumps(SUBMISSION), messageId="m1", receivedAt="not a time"))
    assert (found.messageId, found.acceptedAt) == ("m1", times.iso(SENT))


def test_what_is_no_submission_is_kept_word_for_word() -> None:
    found = _record_of(_received("{broken", messageId="m1"))
    assert (found.reason, found.submission) == ("unreadable_body", "{broken")


@pytest.mark.parametrize("body", ['{"eventType":"Delivery"}', '{"Type":"Notification","Message":"x"}'])
def test_an_event_gets_a_record_under_the_id_of_its_sqs_message(body: str) -> None:
    found = _record_of(_received(body))
    assert (found.messageId, found.reason, found.submission) == (f"event-{SQS_ID}", POISON_EVENT, body)


def test_the_queue_that_sqs_moved_it_from_decides_if_it_is_known() -> None:
    events, intake = "arn:aws:sqs:r:1:contactflow-events", "arn:aws:sqs:r:1:contactflow-intake"
    assert _record_of(_received("not JSON", events)).reason == POISON_EVENT
    assert _record_of(_received('{"eventType":"Send"}', intake)).reason == "invalid_submission"


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.dictionaries(st.sampled_from(["messageId", "receivedAt"]), st.text()),
)
def test_no_body_and_no_attribute_stops_the_sweep(body: str, attributes: dict[str, Any]) -> None:
    found = sweep.identify(_received(body, **attributes), 30, NOW)
    assert isinstance(found, str) or found.status is Status.REVIEW


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("later", [True, False])
def test_a_review_item_goes_only_when_its_message_left_review_after_it(
    status: Status, *, later: bool
) -> None:
    changed = times.iso(SENT + timedelta(seconds=1 if later else -1))
    closed = sweep.is_closed(record(status, updatedAt=changed), _received("{}"), raw=False)
    assert closed is (later and status is not Status.REVIEW)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.SENDING, Status.OUTCOME_UNKNOWN, Status.REVIEW])
def test_a_raw_message_stays_until_its_mail_is_out_or_given_up(status: Status) -> None:
    assert not sweep.is_closed(record(status, updatedAt=times.iso(NOW)), _received("{}"), raw=True)
    for over in (Status.SENT, Status.DELIVERED, Status.DISCARDED, Status.BOUNCED):
        assert sweep.is_closed(record(over), _received("{}"), raw=True)
