import json

import pytest

from handlers import aws, start_delivery
from tests.contract.conftest import Cloud
from tests.fakes.lambda_events import Context, failures, sqs_event
from tests.fakes.records import SUBMISSION, record

ID = "3f0e6c1a-0b2d-4c5e-8f90-a1b2c3d4e5f6"
POISON = ["", "not json", '{"a": NaN}', "[" * 50_000, '{"email": "x"}', '{"a": "\\ud800"}', "null"]


def start(*bodies: str, **attributes: str) -> list[str]:
    return failures(start_delivery.handler(sqs_event(*bodies, **attributes), Context()))


def post(**changed: object) -> str:
    return json.dumps(SUBMISSION | changed)


def test_a_message_is_stored_once_and_its_execution_carries_the_id_only(cloud: Cloud) -> None:
    assert start(post(), messageId=ID, receivedAt="1795514400123") == []
    item = cloud.item(ID)
    assert (item["status"], item["acceptedAt"]) == ("queued", "2026-11-24T10:00:00.123Z")
    assert json.loads(item["submission"]) == SUBMISSION
    assert cloud.executions() == {ID: {"messageId": ID, "outcomeDeadlineSeconds": 900, "acknowledge": False}}


def test_a_message_delivered_six_times_starts_one_execution(cloud: Cloud) -> None:
    for _ in range(6):
        assert start(post(), messageId=ID) == []
    assert list(cloud.executions()) == [ID]


def test_two_contents_under_one_id_are_both_kept(cloud: Cloud) -> None:
    for body in (post(), post(message="Other"), post(), post(message="Other")):
        assert start(body, messageId=ID) == []
    assert len(cloud.executions()) == 2


@pytest.mark.parametrize("poisoned", range(1, 8))
def test_poison_goes_to_review_on_first_sight_and_never_blocks_its_batch(cloud: Cloud, poisoned: int) -> None:
    good = [post(submissionId=f"3f0e6c1a-0b2d-4c5e-8f90-{n:012d}") for n in range(10 - poisoned)]
    assert start(*POISON[:poisoned], *good) == []
    assert len(cloud.executions()) == 10 - poisoned
    reviews = cloud.reviews()
    assert {review["reason"] for review in reviews} <= {"unreadable_body", "invalid_submission"}
    assert len(reviews) == poisoned
    assert all(cloud.item(review["messageId"])["status"] == "review" for review in reviews)


def test_a_held_message_starts_nothing_and_says_why(cloud: Cloud) -> None:
    assert start(post(website="https://spam.example"), messageId=ID) == []
    assert cloud.executions() == {}
    assert cloud.reviews() == [{"messageId": ID, "reason": "honeypot_filled"}]
    assert cloud.item(ID)["reason"] == "honeypot_filled"


def test_a_crash_between_record_and_execution_is_mended_by_redelivery(cloud: Cloud) -> None:
    start(post(), messageId=ID)
    stored = aws.get_record("messages", ID)
    assert stored
    other = stored.model_copy(update={"messageId": "crashed-1"})
    aws.put_record("messages", other)
    assert start(post(), messageId="crashed-1") == []
    assert "crashed-1" in cloud.executions()


def test_a_review_item_that_sqs_redrives_is_sent_again_under_a_name_of_its_own(cloud: Cloud) -> None:
    start(post(website="x"), messageId=ID)
    (review,) = cloud.reviews()
    for _ in range(3):
        assert start(json.dumps(review)) == []
    assert list(cloud.executions()) == [f"{ID}-r1"]
    assert cloud.item(ID)["status"] == "queued"


def test_a_redriven_id_that_nobody_knows_is_counted_and_dropped(cloud: Cloud) -> None:
    assert start(json.dumps({"messageId": "gone", "reason": "x"})) == []
    assert cloud.executions() == {}


def test_a_table_that_does_not_answer_returns_only_its_own_record_to_the_queue(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESSAGES_TABLE", "no-such-table")
    assert start(post(), post(message="b")) == ["sqs-0", "sqs-1"]


def test_no_word_of_the_message_reaches_the_log(cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:
    canary = "canary-6f1c"
    bodies = [
        post(message=canary, name=canary, subject=canary, email=f"{canary}@example.com"),
        canary,
        post(x=canary),
    ]
    start(*bodies)
    out, err = capfd.readouterr()
    assert canary not in out + err
    assert all(json.loads(line) for line in out.splitlines())


def test_an_item_that_was_put_is_read_back_as_it_was(cloud: Cloud) -> None:
    before = record(attempts=2, replays=1, reason="x")
    aws.put_record("messages", before)
    assert aws.get_record("messages", "m1") == before
