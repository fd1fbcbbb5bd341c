from dataclasses import dataclass

from ops.local.api_calls import Request
from ops.local.front_door import FrontDoor

_SIGNED = "AWS4-HMAC-SHA256 Credential=testing/20261125/us-east-1/sqs/aws4_request"
POST = Request(
    "POST",
    "/123456789012/intake",
    "",
    {"authorization": _SIGNED, "content-type": "application/x-www-form-urlencoded"},
    b"Action=SendMessage",
)
CALL = Request(
    "POST", "/", "", {"authorization": _SIGNED, "content-type": "application/x-amz-json-1.0"}, b"{}"
)


@dataclass
class Clock:
    now: float = 1000.0
    slept: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


def _door() -> tuple[FrontDoor, Clock]:
    clock = Clock()
    return FrontDoor(clock.monotonic, clock.sleep), clock


def test_a_batch_starts_at_once_while_nobody_posts() -> None:
    door, clock = _door()
    door.give_way()
    assert clock.slept == 0


def test_a_batch_gives_way_to_a_post_for_a_moment() -> None:
    door, clock = _door()
    door.watch(POST)
    door.give_way()
    assert 0 < clock.slept < 0.1


def test_a_load_without_end_does_not_keep_a_batch_for_ever() -> None:
    clock = Clock()

    def sleep_while_another_posts(seconds: float) -> None:
        clock.sleep(seconds)
        door.watch(POST)

    door = FrontDoor(clock.monotonic, sleep_while_another_posts)
    door.watch(POST)
    door.give_way()
    assert 1001.9 < clock.now < 1002.1


def test_what_the_functions_call_is_no_post() -> None:
    door, clock = _door()
    door.watch(CALL)
    door.give_way()
    assert clock.slept == 0
