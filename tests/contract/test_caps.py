"""The counters as DynamoDB keeps them, and that nothing in the table stays for ever."""

import json
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from handlers import aws, process_feedback, settings, start_delivery
from handlers.errors import RecordUnavailableError
from tests.contract.conftest import TABLE, Cloud
from tests.fakes import ses_events
from tests.fakes.cloud import FakeCloud
from tests.fakes.lambda_events import Context, failures, sqs_event
from tests.fakes.records import SUBMISSION

EXPIRES_AT = 4_000_000_000


def start(number: int, **changed: str) -> list[str]:
    body = json.dumps(SUBMISSION | {"message": f"No {number}"} | changed)
    return failures(start_delivery.handler(sqs_event(body, messageId=f"m{number}"), Context()))


def items() -> list[dict[str, Any]]:
    return list(boto3.resource("dynamodb").Table(TABLE).scan()["Items"])


def test_a_counter_counts_to_its_limit_as_the_fake_one_does(cloud: Cloud) -> None:
    fake = FakeCloud()
    for _ in range(5):
        assert aws.count_up(TABLE, "CAP#x", 3, EXPIRES_AT) == fake.count_up(TABLE, "CAP#x", 3, EXPIRES_AT)
    assert items() == [
        {"pk": "CAP#x", "sk": "COUNTER", "counted": fake.counters["CAP#x"], "expiresAt": EXPIRES_AT}
    ]


def test_a_counter_in_no_table_is_unavailable(cloud: Cloud) -> None:
    with pytest.raises(RecordUnavailableError):
        aws.count_up("no-such-table", "CAP#x", 3, EXPIRES_AT)


def test_the_starter_holds_what_is_above_the_address_s_cap(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ADDRESS_DAILY_CAP", "2")
    settings.load.cache_clear()
    for number in (0, 0, 1, 2, 2):
        assert start(number) == []
    assert sorted(cloud.executions()) == ["m0", "m1"]
    assert {(review["messageId"], review["reason"]) for review in cloud.reviews()} == {
        ("m2", "daily_cap_address")
    }
    assert (cloud.item("m2")["status"], cloud.item("m2")["reason"]) == ("review", "daily_cap_address")


def test_every_item_that_is_written_has_a_day_on_which_it_goes(cloud: Cloud) -> None:
    start(0)
    start(1, website="x")
    aws.put_marker(TABLE, "ACK#x#2026-11-24", EXPIRES_AT)
    bounce = json.dumps(ses_events.event("Bounce"))
    process_feedback.handler(sqs_event(bounce), Context())
    written = items()
    now = datetime.now(UTC).timestamp()
    assert {item["pk"].partition("#")[0] for item in written} >= {"MSG", "ACK", "CAP"}
    assert all(item["expiresAt"] > now for item in written)
