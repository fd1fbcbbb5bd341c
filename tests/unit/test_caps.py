"""Daily caps in the starter: what is above them is held, and no message counts twice, whatever crashes."""

import json
from dataclasses import dataclass, field

import pytest

from handlers.core import caps
from handlers.core.change import Change
from handlers.errors import RecordUnavailableError
from schemas.record import MessageRecord, Status
from schemas.workflow import WorkflowInput
from tests.fakes.cloud import FakeCloud
from tests.fakes.records import SUBMISSION
from tests.fakes.starter import DAY, StoppedClock, attributes, starter


class CrashError(Exception):
    pass


@dataclass
class CrashingCloud(FakeCloud):
    """Fails once, before or after the named call has had its effect."""

    fails: list[tuple[str, str]] = field(default_factory=list)

    def _at(self, call: str, when: str) -> None:
        if (call, when) in self.fails:
            self.fails.remove((call, when))
            raise CrashError

    def count_up(self, table: str, key: str, limit: int, expires_at: int) -> bool:
        self._at("count", "before")
        counted = super().count_up(table, key, limit, expires_at)
        self._at("count", "after")
        return counted

    def change_record(self, table: str, change: Change) -> MessageRecord:
        self._at("hold", "before")
        record = super().change_record(table, change)
        self._at("hold", "after")
        return record

    def start_execution(self, state_machine: str, name: str, workflow_input: WorkflowInput) -> bool:
        self._at("start", "before")
        return super().start_execution(state_machine, name, workflow_input)


def send(cloud: FakeCloud, number: int, clock: StoppedClock | None = None, **changed: str) -> None:
    body = json.dumps(SUBMISSION | {"message": f"No {number}"} | changed)
    one = starter(cloud, clock, ADDRESS_DAILY_CAP=2, RECIPIENT_DAILY_CAP=5)
    one.start(body, attributes(f"m{number}"))


def reasons(cloud: FakeCloud) -> list[str]:
    return [review.reason for review in cloud.reviews]


def test_what_is_above_an_address_s_cap_is_held_with_the_reason() -> None:
    cloud = FakeCloud()
    for number in range(4):
        send(cloud, number)
    assert list(cloud.executions) == ["m0", "m1"]
    assert reasons(cloud) == ["daily_cap_address"] * 2
    assert [cloud.items[f"m{n}"].status for n in (2, 3)] == [Status.REVIEW] * 2
    assert cloud.items["m2"].events["review"].detail == "daily_cap_address"


def test_an_address_in_capitals_is_the_same_address() -> None:
    cloud = FakeCloud()
    for number, email in enumerate(("ann@example.com", "Ann@Example.COM", "ANN@example.com")):
        send(cloud, number, email=email)
    assert reasons(cloud) == ["daily_cap_address"]


def test_what_is_above_the_owner_s_cap_is_held_whoever_sends_it() -> None:
    cloud = FakeCloud()
    for number in range(7):
        send(cloud, number, email=f"a{number}@example.com")
    assert len(cloud.executions) == 5
    assert reasons(cloud) == ["daily_cap_recipient"] * 2


def test_the_next_day_counts_from_nothing() -> None:
    cloud, clock = FakeCloud(), StoppedClock()
    for number in range(3):
        send(cloud, number, clock)
    clock.sleep(DAY)
    send(cloud, 3, clock)
    assert (list(cloud.executions), len(cloud.reviews)) == (["m0", "m1", "m3"], 1)


def test_a_message_delivered_six_times_counts_once() -> None:
    cloud = FakeCloud()
    for number in (0, 0, 0, 0, 0, 0, 1):
        send(cloud, number)
    assert (list(cloud.executions), cloud.reviews) == (["m0", "m1"], [])


def test_a_held_message_does_not_count() -> None:
    cloud = FakeCloud()
    for number in range(4):
        send(cloud, number, website="x")
    assert cloud.counters == {}


def test_caps_of_zero_write_nothing() -> None:
    cloud = FakeCloud()
    for number in range(30):
        starter(cloud).start(json.dumps(SUBMISSION | {"message": str(number)}), attributes(f"m{number}"))
    assert (len(cloud.executions), cloud.counters) == (30, {})


@pytest.mark.parametrize(
    "fails",
    [("count", "before"), ("count", "after"), ("hold", "before"), ("hold", "after"), ("start", "before")],
)
@pytest.mark.parametrize("above", [False, True])
def test_after_a_crash_anywhere_a_message_is_started_or_held_and_counted_at_most_once(
    fails: tuple[str, str],
    above: bool,  # noqa: FBT001 - a table's column
) -> None:
    cloud = CrashingCloud()
    for number in range(2 if above else 0):
        send(cloud, number)
    cloud.fails.append(fails)
    for _ in range(3):
        try:
            send(cloud, 2)
        except CrashError:
            continue
    in_review = {review.messageId for review in cloud.reviews}
    assert ("m2" in cloud.executions) != ("m2" in in_review)
    assert cloud.items["m2"].status is (Status.REVIEW if "m2" in in_review else Status.QUEUED)
    assert max(cloud.counters.values(), default=0) <= (2 if above else 1)


def test_a_message_that_a_repeated_delivery_has_started_meanwhile_is_not_held() -> None:
    class Overtaken(FakeCloud):
        def count_up(self, table: str, key: str, limit: int, expires_at: int) -> bool:
            there = self.items["m0"]
            self.items["m0"] = there.model_copy(update={"status": Status.SENDING})
            return False

    cloud = Overtaken()
    send(cloud, 0)
    assert (cloud.items["m0"].status, cloud.reviews) == (Status.SENDING, [])


def test_a_counter_that_does_not_answer_returns_the_message_to_the_queue_which_then_delivers_it() -> None:
    class Silent(FakeCloud):
        def count_up(self, table: str, key: str, limit: int, expires_at: int) -> bool:
            raise RecordUnavailableError("ThrottlingException")

    cloud = Silent()
    with pytest.raises(RecordUnavailableError):
        send(cloud, 0)
    send(cloud, 0)
    assert list(cloud.executions) == ["m0"]


def test_a_counter_s_key_tells_no_address() -> None:
    keys = [cap.key for cap in caps.of("Ann@example.com", "", 1, 1, StoppedClock().now())]
    assert keys == [f"CAP#{caps.address_hash('ann@example.com')}#2026-11-24", "CAP#owner#2026-11-24"]
