"""Ten thousand bots and fifty people among them: the people are served, and nothing that was accepted is gone."""

import json
import random
from typing import Any

import pytest

from handlers.core import proof_of_work
from schemas.record import Status
from tests.fakes.cloud import FakeCloud
from tests.fakes.starter import attributes, starter

pytestmark = pytest.mark.slow
BOTS = 10_000
#: stamps for the ids of PEOPLE, in their order
STAMPS = """
    c7d5 eb09 b7e20 1dfd3 460fb 28e8d 50605 ebd48 38d4e 745a5 539d7 260cd 221ec 6473 e1765 a6b83 12c06
    6069f 26bcd 28370 b2836 a550 5290 b818 52662 372ae a8977 123d2 38a78 ebda c42d4 b64d 57a23 c443f
    a29fd 3b9a0 23d9f 128c3 60430 4bc01 1f2fc b71 11c3 36de5 153b8d 454c1 b12a 43c4a 12dd3 2bd67
""".split()  # noqa: SIM905 - a list of fifty literals would take fifty lines
PEOPLE = [
    {
        "submissionId": f"00000000-0000-4000-8000-{number:012d}",
        "stamp": stamp,
        "email": f"person{number}@example.com",
        "name": f"Person {number}",
        "subject": "About my order",
        "message": f"Hello, where is order {number}? See https://shop.example/orders/{number}. Thank you!",
        "fillMilliseconds": 20_000 + number,
    }
    for number, stamp in enumerate(STAMPS)
]
SPAM = "Guest post offer: first page of Google, casino backlinks. Click here [url=https://x.example]"
CONTROLS: dict[str, Any] = {
    "MINIMUM_FILL_MILLISECONDS": 3000,
    "ALLOWED_ORIGIN": "https://shop.example",
    "FORMS": "",
    "CONTENT_SCORE_LIMIT": 5,
    "ADDRESS_DAILY_CAP": 20,
    "RECIPIENT_DAILY_CAP": 1000,
}


def bot(number: int) -> tuple[dict[str, Any], str]:
    """(post, origin) of one of seven kinds of bot; the last two look like people, one of them by one address."""
    post: dict[str, Any] = {
        "email": f"bot{number}@bots.example",
        "subject": "Hi",
        "message": f"Offer {number}",
    }
    kinds: list[tuple[dict[str, Any], str]] = [
        ({"website": "https://x.example"}, ""),
        ({"fillMilliseconds": 40}, ""),
        ({"message": f"{SPAM} {number}"}, ""),
        ({}, "https://evil.example"),
        ({"name": "www.x.example"}, ""),
        ({"email": "flood@bots.example"}, ""),
        ({}, ""),
    ]
    changed, origin = kinds[number % len(kinds)]
    return post | changed, origin


def played(**changed: Any) -> FakeCloud:
    """All posts, shuffled, through the starter. Ids: b<n> for bots, a person's own otherwise."""
    posts = [(f"b{number}", *bot(number)) for number in range(BOTS)]
    posts += [(str(person["submissionId"]), person, "https://shop.example") for person in PEOPLE]
    random.Random(7).shuffle(posts)  # noqa: S311 - an order, the same in each run
    cloud = FakeCloud()
    one = starter(cloud, None, **CONTROLS | changed)
    for message_id, post, origin in posts:
        one.start(json.dumps(post), attributes(message_id, origin))
    return cloud


def held(cloud: FakeCloud) -> dict[str, str]:
    """Message id → the reason that a person is shown."""
    return {review.messageId: review.reason for review in cloud.reviews}


def people_started(cloud: FakeCloud) -> int:
    return sum(person["submissionId"] in cloud.executions for person in PEOPLE)


@pytest.fixture(scope="module")
def by_default() -> FakeCloud:
    return played()


def test_every_post_is_either_started_or_held_with_a_reason(by_default: FakeCloud) -> None:
    started, waiting = set(by_default.executions), held(by_default)
    assert len(by_default.items) == BOTS + len(PEOPLE)
    assert started | waiting.keys() == by_default.items.keys()
    assert started.isdisjoint(waiting)
    assert all(by_default.items[message_id].reason == reason for message_id, reason in waiting.items())
    assert {by_default.items[message_id].status for message_id in waiting} == {Status.REVIEW}


def test_no_more_mails_than_the_cap_go_out_and_one_address_gets_its_twenty(by_default: FakeCloud) -> None:
    assert len(by_default.executions) == 1000
    assert sum("flood@" in by_default.items[m].submission for m in by_default.executions) == 20


def test_a_person_is_delivered_or_waits_for_the_owner_s_cap_and_for_nothing_else(
    by_default: FakeCloud,
) -> None:
    waiting = held(by_default)
    reasons = [waiting[p["submissionId"]] for p in PEOPLE if p["submissionId"] in waiting]
    assert set(reasons) <= {"daily_cap_recipient"}
    assert people_started(by_default) + len(reasons) == len(PEOPLE)


def test_with_the_stamp_required_all_fifty_people_are_delivered_and_no_bot() -> None:
    cloud = played(REQUIRE_PROOF_OF_WORK=True)
    assert people_started(cloud) == len(PEOPLE) == len(cloud.executions)
    assert len(cloud.reviews) == BOTS


def test_the_stamps_above_are_what_the_page_would_have_computed() -> None:
    assert len(PEOPLE) == 50
    assert all(proof_of_work.is_valid(str(p["submissionId"]), str(p["stamp"])) for p in PEOPLE)


def test_each_kind_of_bot_is_held_for_a_reason_of_its_own(by_default: FakeCloud) -> None:
    reasons = {reason.partition(":")[0] for reason in held(by_default).values()}
    assert reasons == {
        "honeypot_filled",
        "filled_too_fast",
        "content_score_12",
        "content_score_5",
        "foreign_origin",
        "daily_cap_address",
        "daily_cap_recipient",
    }
