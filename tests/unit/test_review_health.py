from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handlers.core import times
from ops.review import health
from ops.review.health import Level
from ops.review.index import Item
from schemas.record import Status
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ACCOUNT = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 100.0},
}
IDENTITY = {
    "VerificationStatus": "SUCCESS",
    "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
    "MailFromAttributes": {"MailFromDomainStatus": "SUCCESS"},
}


def _levels(findings: Any) -> dict[str, str]:
    return {finding.check: finding.level for finding in findings}


def _quota(**changed: float) -> dict[str, Any]:
    return ACCOUNT | {
        "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1.0} | changed
    }


def test_a_sound_account_and_identity_are_ok() -> None:
    assert set(_levels(health.account(ACCOUNT, 14)).values()) == {Level.OK}
    assert set(_levels(health.identity("example.com", IDENTITY)).values()) == {Level.OK}


@pytest.mark.parametrize(
    ("changed", "check", "level"),
    [
        (ACCOUNT | {"ProductionAccessEnabled": False}, "access", Level.WARN),
        (ACCOUNT | {"SendingEnabled": False}, "sending", Level.FAIL),
        (ACCOUNT | {"EnforcementStatus": "SHUTDOWN"}, "sending", Level.FAIL),
        (_quota(SentLast24Hours=45_000.0), "quota", Level.WARN),
        (_quota(Max24HourSend=-1.0, SentLast24Hours=9e9), "quota", Level.OK),
        (_quota(MaxSendRate=1.0), "rate", Level.WARN),
        (_quota(MaxSendRate=-1.0), "rate", Level.OK),
    ],
)
def test_what_limits_sending_is_found(changed: dict[str, Any], check: str, level: Level) -> None:
    assert _levels(health.account(changed, 14))[check] is level


@pytest.mark.parametrize(
    ("changed", "check", "level"),
    [
        ({"VerificationStatus": "PENDING"}, "identity", Level.FAIL),
        ({"DkimAttributes": {"SigningEnabled": True, "Status": "FAILED"}}, "dkim", Level.FAIL),
        ({"DkimAttributes": {}}, "dkim", Level.FAIL),
        ({"MailFromAttributes": {"MailFromDomainStatus": "PENDING"}}, "mail from", Level.WARN),
    ],
)
def test_what_makes_mail_untrustworthy_is_found(changed: dict[str, Any], check: str, level: Level) -> None:
    assert _levels(health.identity("example.com", IDENTITY | changed))[check] is level


@pytest.mark.parametrize(
    ("age", "level"),
    [(timedelta(hours=1), Level.OK), (timedelta(days=2), Level.WARN), (timedelta(days=11), Level.FAIL)],
)
def test_the_oldest_review_item_decides(age: timedelta, level: Level) -> None:
    items = [Item(record(Status.REVIEW, acceptedAt=times.iso(NOW - age)), NOW)]
    assert _levels(health.review(items, 1))["review"] is level


@pytest.mark.parametrize(("depth", "level"), [(1, Level.OK), (2, Level.WARN), (0, Level.WARN)])
def test_a_queue_that_disagrees_with_the_records_is_told(depth: int, level: Level) -> None:
    assert _levels(health.review([Item(record(Status.REVIEW), NOW)], depth))["review queue"] is level


def test_a_suppressed_owner_a_missing_subscription_and_a_lost_event_fail() -> None:
    assert health.owner("o@example.com", suppressed=True).level is Level.FAIL
    assert health.owner("o@example.com", suppressed=False).level is Level.OK
    assert health.subscription(["arn:aws:sqs:r:1:other"], "stack-events").level is Level.FAIL
    assert health.subscription(["arn:aws:sqs:r:1:stack-events"], "stack-events").level is Level.OK
    assert health.event_path(None).level is Level.FAIL
    assert health.event_path(1.5).level is Level.OK


@pytest.mark.parametrize(
    ("subscriptions", "level", "what"),
    [
        ([], Level.WARN, "told by nothing"),
        ([("email", "arn:1"), ("sqs", "arn:2")], Level.OK, "told by email, webhook"),
        ([("email", "PendingConfirmation"), ("sms", "arn:2")], Level.WARN, "the address has not confirmed"),
    ],
)
def test_somebody_hears_of_alerts(subscriptions: list[tuple[str, str]], level: Level, what: str) -> None:
    finding = health.alerts(subscriptions)
    assert (finding.level, finding.what) == (level, what)


def test_alerts_that_nobody_took_are_a_warning_with_the_command_that_fires_them() -> None:
    assert health.webhook(3, 0).level is Level.OK
    assert health.webhook(0, 1).level is Level.WARN
    assert "contactflow webhook refire" in health.webhook(0, 1).mend
