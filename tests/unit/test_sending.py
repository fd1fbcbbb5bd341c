from datetime import UTC, datetime, timedelta

import pytest

from handlers.core import sending
from handlers.errors import (
    ConditionFailedError,
    OutcomeUnknownError,
    OutcomeUnresolvedError,
    PermanentSendError,
    TransientSendError,
)
from handlers.ports import first_change
from schemas.record import Status
from tests.fakes.cloud import FakeCloud
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


def test_only_one_of_two_claims_holds() -> None:
    table = FakeCloud({"m1": record(Status.QUEUED)})
    assert table.change_record("messages", sending.claim("m1", "a", NOW)).claim == "a"
    with pytest.raises(ConditionFailedError):
        table.change_record("messages", sending.claim("m1", "b", NOW))


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.QUEUED])
def test_nothing_but_a_queued_message_can_be_claimed(status: Status) -> None:
    with pytest.raises(ConditionFailedError):
        FakeCloud({"m1": record(status)}).change_record("messages", sending.claim("m1", "a", NOW))


@pytest.mark.parametrize("status", [Status.SENDING, Status.OUTCOME_UNKNOWN])
def test_a_claim_that_never_ended_is_unknown_until_its_deadline_and_unresolved_after(status: Status) -> None:
    claimed = record(status, claimedAt="2026-11-24T10:00:00.000Z")
    with pytest.raises(OutcomeUnknownError):
        sending.without_claim(claimed, 900, NOW + timedelta(seconds=899))
    with pytest.raises(OutcomeUnresolvedError):
        sending.without_claim(claimed, 900, NOW + timedelta(seconds=900))


@pytest.mark.parametrize("status", [Status.SENT, Status.DELIVERED, Status.REVIEW, Status.DISCARDED])
def test_a_message_that_is_elsewhere_already_is_left_there(status: Status) -> None:
    assert sending.without_claim(record(status), 900, NOW) is status


def test_a_transient_failure_makes_the_message_claimable_again() -> None:
    table = FakeCloud({"m1": record()})
    table.change_record("messages", sending.claim("m1", "a", NOW))
    table.change_record(
        "messages", sending.failed("m1", "a", TransientSendError("TooManyRequestsException"), NOW)
    )
    assert table.change_record("messages", sending.claim("m1", "b", NOW)).attempts == 2


def test_an_unknown_outcome_keeps_the_message_from_every_other_claim() -> None:
    table = FakeCloud({"m1": record()})
    table.change_record("messages", sending.claim("m1", "a", NOW))
    table.change_record("messages", sending.failed("m1", "a", OutcomeUnknownError("ReadTimeoutError"), NOW))
    with pytest.raises(ConditionFailedError):
        table.change_record("messages", sending.claim("m1", "b", NOW))


def test_a_failure_of_a_lost_claim_releases_nothing() -> None:
    table = FakeCloud({"m1": record(Status.SENDING, claim="b")})
    with pytest.raises(ConditionFailedError):
        table.change_record("messages", sending.failed("m1", "a", TransientSendError("x"), NOW))


def test_a_send_that_its_own_delivery_event_overtook_still_gets_its_ses_id() -> None:
    table = FakeCloud({"m1": record(Status.DELIVERED, claim="a")})
    after = first_change(table, "messages", sending.sent("m1", "a", "ses-1", NOW))
    assert (after.status, after.sesMessageId) == (Status.DELIVERED, "ses-1")


@pytest.mark.parametrize(
    ("http_status", "code", "error"),
    [
        (429, "TooManyRequestsException", TransientSendError),
        (400, "LimitExceededException", TransientSendError),
        (400, "SendingPausedException", TransientSendError),
        (400, "Throttling", TransientSendError),
        (400, "MessageRejected", PermanentSendError),
        (400, "BadRequestException", PermanentSendError),
        (403, "AccessDeniedException", PermanentSendError),
        (404, "NotFoundException", PermanentSendError),
        (500, "InternalFailure", OutcomeUnknownError),
        (503, "ServiceUnavailable", OutcomeUnknownError),
        (200, "SomethingOdd", OutcomeUnknownError),
    ],
)
def test_only_an_answer_that_proves_non_acceptance_may_be_retried(
    http_status: int, code: str, error: type[Exception]
) -> None:
    assert type(sending.judge(http_status, code)) is error
