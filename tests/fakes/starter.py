"""A starter on a fake cloud, at a time that stands still."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from handlers.core.pacing import Pacer
from handlers.settings import StartDeliverySettings
from handlers.start_delivery import Starter
from schemas.intake import IntakeAttributes
from tests.fakes.cloud import FakeCloud

DAY = 86_400


@dataclass
class StoppedClock:
    """Only sleeping moves it."""

    time: datetime = datetime(2026, 11, 24, 10, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def starter(cloud: FakeCloud, clock: StoppedClock | None = None, **changed: Any) -> Starter:
    """Every control off unless `changed` says otherwise."""
    settings: dict[str, Any] = {
        "MESSAGES_TABLE": "t",
        "DELIVERY_STATE_MACHINE_ARN": "machine",
        "REVIEW_QUEUE_URL": "q",
        "RETENTION_DAYS": 30,
        "SES_SEND_RATE": 1000,
        "STARTER_CONCURRENCY": 2,
        "ACKNOWLEDGEMENT": "off",
        "OUTCOME_DEADLINE_SECONDS": 900,
        "REQUIRE_PROOF_OF_WORK": False,
        "MINIMUM_FILL_MILLISECONDS": 0,
        "ALLOWED_ORIGIN": "",
        "FORMS": "",
        "CONTENT_SCORE_LIMIT": 0,
        "ADDRESS_DAILY_CAP": 0,
        "RECIPIENT_DAILY_CAP": 0,
    }
    return Starter(
        StartDeliverySettings.model_validate(settings | changed), cloud, clock or StoppedClock(), Pacer(0.0)
    )


def attributes(message_id: str, origin: str = "") -> IntakeAttributes:
    return IntakeAttributes(messageId=message_id, origin=origin)
