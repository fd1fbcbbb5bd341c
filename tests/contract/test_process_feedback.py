import json

import pytest

from handlers import aws, process_feedback
from handlers.core.address import fingerprint
from schemas.record import Status
from tests.contract.conftest import TABLE, Cloud
from tests.fakes import ses_events
from tests.fakes.lambda_events import Context, failures, sqs_event
from tests.fakes.records import record


def process(*bodies: str) -> list[str]:
    return failures(process_feedback.handler(sqs_event(*bodies), Context()))


def test_events_lift_the_record_and_stand_once_in_its_timeline(cloud: Cloud) -> None:
    aws.put_record(TABLE, record(Status.SENT))
    assert process(*(ses_events.body(name) for name in ("Delivery", "Send", "Delivery", "Delivery"))) == []
    item = cloud.item("m1")
    assert item["status"] == "delivered"
    assert sorted(entry["kind"] for entry in item["events"].values()) == ["Delivery", "Send", "accepted"]


def test_what_is_no_event_of_ours_changes_nothing_and_fails_nothing(cloud: Cloud) -> None:
    aws.put_record(TABLE, record(Status.SENT, sesMessageId=ses_events.SES_MESSAGE_ID))
    before = cloud.item("m1")
    foreign = ses_events.event("Bounce")
    foreign["mail"]["messageId"] = "somebody-elses"
    bodies = [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "\ud800",
        ses_events.body("Bounce", sendingAccountId="999999999999"),
        ses_events.body("Bounce", tags={}),
        ses_events.body("Bounce", message_id="unknown"),
        json.dumps(foreign),
    ]
    assert process(*bodies) == []
    assert cloud.item("m1") == before
    assert cloud.alerts() == []


@pytest.mark.parametrize("name", ["Bounce", "Suppressed", "Complaint", "Reject"])
def test_an_owner_who_gets_no_mail_is_alarmed_by_the_other_channel_once(cloud: Cloud, name: str) -> None:
    for number in range(3):
        aws.put_record(TABLE, record(Status.SENT, messageId=f"m{number}"))
        process(*[ses_events.body(name, f"m{number}")] * 3)
    (alert,) = cloud.alerts()
    assert "docs/runbook.md" in alert["Message"]
    assert "owner@example.com" not in json.dumps(alert)


def test_each_owner_is_alarmed_about_and_named_by_form_and_never_by_address(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMS", "shop|de|https://shop.example|sales@example.com|boss@example.com")
    for number, address in enumerate(("sales@example.com", "boss@example.com", "sales@example.com")):
        aws.put_record(TABLE, record(Status.SENT, messageId=f"m{number}"))
        process(ses_events.body("Bounce", f"m{number}", destination=[address]))
    told = [str(alert["Message"]) for alert in cloud.alerts()]
    assert [text.partition(" failed")[0] for text in told] == [
        "Mail to the owner's address of shop",
        "Mail to the fallback address of shop",
    ]
    assert "@" not in "".join(told)
    events = cloud.item("m1")["events"].values()
    assert fingerprint("boss@example.com") in [entry.get("to") for entry in events]


def test_a_table_that_does_not_answer_leaves_the_event_in_the_queue(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MESSAGES_TABLE", "no-such-table")
    assert process(ses_events.body("Send")) == ["sqs-0"]
