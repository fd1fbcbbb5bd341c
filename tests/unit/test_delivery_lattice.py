import itertools

import pytest

from handlers.core import delivery
from handlers.errors import ConditionFailedError
from handlers.ports import first_change
from schemas.record import MessageRecord, Status
from schemas.ses_event import SES_EVENT, SesEvent
from tests.fakes import ses_events
from tests.fakes.cloud import FakeCloud
from tests.fakes.records import record

KINDS = ("Send", "DeliveryDelay", "Transient", "Delivery", "Bounce", "Complaint")
NOW = "2026-11-24T12:00:00.000Z"


def parse(name: str, **mail: str) -> SesEvent:
    return SES_EVENT.validate_python(ses_events.event(name, **mail))


def apply(table: FakeCloud, event: SesEvent, replay: int = 0) -> MessageRecord:
    try:
        return first_change(table, "messages", delivery.changes(event, "m1", replay, NOW))
    except ConditionFailedError:
        return table.items["m1"]


def fold(names: tuple[str, ...], start: MessageRecord) -> MessageRecord:
    table = FakeCloud({"m1": start})
    for name in names:
        apply(table, parse(name))
    return table.items["m1"]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Send", Status.SENT),
        ("DeliveryDelay", Status.DELAYED),
        ("Transient", Status.SOFT_BOUNCED),
        ("Delivery", Status.DELIVERED),
        ("Reject", Status.REJECTED),
        ("Rendering Failure", Status.REJECTED),
        ("Suppressed", Status.SUPPRESSED),
        ("Bounce", Status.BOUNCED),
        ("Complaint", Status.COMPLAINED),
        ("Open", Status.SENDING),
        ("Click", Status.SENDING),
        ("Subscription", Status.SENDING),
    ],
)
def test_each_event_moves_a_sending_message_to_its_status_and_into_the_timeline(
    name: str, status: Status
) -> None:
    after = fold((name,), record(Status.SENDING))
    assert after.status is status
    assert parse(name).kind in {entry.kind for entry in after.events.values()}


def test_a_late_delivery_event_never_hides_a_complaint() -> None:
    assert fold(("Complaint", "Delivery"), record(Status.SENT)).status is Status.COMPLAINED


def test_an_out_of_office_reply_never_hides_a_delivery() -> None:
    assert fold(("Delivery", "Transient"), record(Status.SENT)).status is Status.DELIVERED


def test_a_bounce_after_a_delivery_counts() -> None:
    assert fold(("Delivery", "Bounce"), record(Status.SENT)).status is Status.BOUNCED


def test_an_event_before_the_send_was_written_down_counts() -> None:
    after = fold(("Delivery",), record(Status.SENDING))
    assert (after.status, after.sesMessageId) == (Status.DELIVERED, ses_events.SES_MESSAGE_ID)


def test_an_event_resolves_an_unknown_outcome_even_in_review() -> None:
    for status in (Status.OUTCOME_UNKNOWN, Status.REVIEW):
        assert fold(("Send",), record(status)).status is Status.SENT


def test_a_not_spam_report_takes_nothing_from_a_delivered_message() -> None:
    event = ses_events.event("Complaint")
    event["complaint"]["complaintFeedbackType"] = "not-spam"
    table = FakeCloud({"m1": record(Status.DELIVERED)})
    assert apply(table, SES_EVENT.validate_python(event)).status is Status.DELIVERED


def test_a_complaint_about_a_suppressed_address_is_a_suppression() -> None:
    event = ses_events.event("Complaint")
    event["complaint"]["complaintSubType"] = "OnAccountSuppressionList"
    table = FakeCloud({"m1": record(Status.SENT)})
    assert apply(table, SES_EVENT.validate_python(event)).status is Status.SUPPRESSED


def test_what_an_operator_discarded_stays_discarded() -> None:
    assert fold(KINDS, record(Status.DISCARDED)).status is Status.DISCARDED


def test_an_event_with_another_ses_id_changes_nothing() -> None:
    sent = record(Status.SENT, sesMessageId="another")
    assert fold(("Bounce",), sent) == sent


def test_an_event_of_an_earlier_replay_changes_nothing() -> None:
    replayed = record(Status.QUEUED, replays=1)
    table = FakeCloud({"m1": replayed})
    assert apply(table, parse("Bounce"), replay=0) == replayed


def test_a_send_event_about_a_sent_message_is_written_at_once_with_the_time_that_ses_says() -> None:
    """A refused write costs what a write does: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html."""
    table = FakeCloud({"m1": record(Status.SENT, sentAt="2026-11-24T10:00:01.500Z")})
    first, _then = delivery.changes(parse("Send"), "m1", 0, NOW)
    assert table.change_record("messages", first).sentAt == "2026-11-24T10:00:00.000Z"


def test_a_settled_message_keeps_the_time_of_its_first_outcome() -> None:
    table = FakeCloud({"m1": record(Status.DELIVERED, settledAt="2026-11-24T10:00:01.000Z")})
    assert apply(table, parse("Delivery")).settledAt == "2026-11-24T10:00:01.000Z"


def test_a_duplicate_is_kept_once_in_the_timeline() -> None:
    once = fold(("Send", "Delivery"), record(Status.SENDING))
    thrice = fold(("Send", "Delivery", "Delivery", "Send", "Delivery"), record(Status.SENDING))
    assert thrice.events == once.events


def test_settled_time_is_the_event_s_own() -> None:
    assert fold(("Delivery",), record(Status.SENT)).settledAt == "2026-11-24T10:00:02.000Z"


def test_every_sequence_up_to_length_seven_ends_where_its_set_of_events_ends() -> None:
    """335,922 sequences, walked as a tree so that a shared beginning is reduced once."""
    events = {name: parse(name) for name in KINDS}
    expected = {
        frozenset(chosen): fold(chosen, record(Status.SENDING))
        for size in range(len(KINDS) + 1)
        for chosen in itertools.combinations(KINDS, size)
    }
    walked = 0
    # What is to come depends on the record alone, so equal records at equal depth are walked once and counted.
    level: dict[tuple[Status, frozenset[str]], tuple[MessageRecord, frozenset[str], int]] = {
        (Status.SENDING, frozenset()): (record(Status.SENDING), frozenset(), 1)
    }
    for _ in range(7):
        following: dict[tuple[Status, frozenset[str]], tuple[MessageRecord, frozenset[str], int]] = {}
        for before, seen, ways in level.values():
            for name in KINDS:
                after = apply(FakeCloud({"m1": before}), events[name])
                known = seen | {name}
                assert after.status is expected[known].status
                assert after.events == expected[known].events
                key = (after.status, known)
                following[key] = (after, known, ways + following.get(key, (after, known, 0))[2])
                walked += ways
        level = following
    assert walked == sum(6**length for length in range(1, 8))
