from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from handlers.core.delivery import SETTLED
from handlers.core.sweeping import IN_TRANSIT
from handlers.settings import SweepSettings
from handlers.sweep import Sweeper
from schemas.record import Status
from tests.contract.translated import resource
from tests.fakes.cloud import FakeCloud
from tests.fakes.records import record

SETTINGS = SweepSettings(
    MESSAGES_TABLE="t", REVIEW_QUEUE_URL="q", OUTCOME_DEADLINE_SECONDS=900, EVENT_DEADLINE_SECONDS=86_400
)
#: when tests.fakes.records.record was last changed
THEN = datetime(2026, 11, 24, 10, tzinfo=UTC)


@dataclass
class StoppedClock:
    time: datetime

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def sweep(cloud: FakeCloud, seconds: float) -> int:
    return Sweeper(SETTINGS, cloud, StoppedClock(THEN + timedelta(seconds=seconds))).sweep()


@pytest.mark.parametrize("status", IN_TRANSIT)
def test_what_is_stuck_past_its_deadline_is_in_review_after_one_sweep(status: Status) -> None:
    cloud = FakeCloud({"m1": record(status)})
    assert sweep(cloud, 86_401) == 1
    assert (cloud.items["m1"].status, cloud.items["m1"].reason) == (Status.REVIEW, f"stuck_{status}")
    assert [(review.messageId, review.reason) for review in cloud.reviews] == [("m1", f"stuck_{status}")]


@pytest.mark.parametrize("status", IN_TRANSIT)
def test_what_is_within_its_deadline_is_left_alone(status: Status) -> None:
    cloud = FakeCloud({"m1": record(status)})
    assert sweep(cloud, 1_799) == 0
    assert cloud.reviews == []


def test_a_mail_that_ses_has_may_take_a_day() -> None:
    assert sweep(FakeCloud({"m1": record(Status.SENT)}), 86_399) == 0


@pytest.mark.parametrize("status", [Status.REVIEW, *sorted(SETTLED)])
def test_what_is_settled_or_with_a_person_is_never_swept(status: Status) -> None:
    assert sweep(FakeCloud({"m1": record(status)}), 10**7) == 0


def test_the_review_item_comes_after_the_sweep_is_over() -> None:
    delays: list[int] = []

    class Recording(FakeCloud):
        def queue_review(self, queue_url: str, message: object, delay_seconds: int = 0) -> None:
            delays.append(delay_seconds)

    sweep(Recording({"m1": record(Status.SENDING)}), 86_401)
    assert delays[0] > resource("SweepFunction")["Timeout"]


def test_sweeping_again_moves_nothing_twice() -> None:
    cloud = FakeCloud({"m1": record(Status.SENDING)})
    assert [sweep(cloud, 86_401) for _ in range(3)] == [1, 0, 0]
    assert len(cloud.reviews) == 1


def test_a_message_that_moved_on_since_the_index_showed_it_stays_where_it_is() -> None:
    class Overtaken(FakeCloud):
        def queue_review(self, queue_url: str, message: object, delay_seconds: int = 0) -> None:
            self.items["m1"] = record(Status.DELIVERED)

    cloud = Overtaken({"m1": record(Status.SENT)})
    assert sweep(cloud, 86_401) == 0
    assert cloud.items["m1"].status is Status.DELIVERED
