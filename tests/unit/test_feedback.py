import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import feedback
from handlers.core.feedback import NotOurs, Ours
from tests.fakes import ses_events

SENDERS = feedback.Senders(ses_events.ACCOUNT, ses_events.CONFIGURATION_SET, "contactflow-ack")


def read(body: str) -> Ours | NotOurs:
    return feedback.read(body, SENDERS)


@pytest.mark.parametrize("name", list(ses_events.PARTS))
@pytest.mark.parametrize("key", ["eventType", "notificationType"])
def test_every_documented_event_is_understood_in_both_spellings(name: str, key: str) -> None:
    told = read(json.dumps(ses_events.event(name, key=key)))
    assert isinstance(told, Ours)
    assert (told.message_id, told.replay) == ("m1", 0)


def test_sns_s_envelope_is_opened() -> None:
    assert isinstance(read(json.dumps({"Type": "Notification", "Message": ses_events.body("Send")})), Ours)


def test_a_field_that_ses_adds_tomorrow_is_tolerated() -> None:
    event = ses_events.event("Delivery")
    event["delivery"]["future"] = event["mail"]["future"] = event["future"] = {"x": 1}
    assert isinstance(read(json.dumps(event)), Ours)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("Successfully validated SNS topic for Amazon SES event publishing.", "not_an_event"),
        ("", "not_an_event"),
        ("[]", "not_an_event"),
        ("{}", "unknown_event"),
        ('{"eventType": 1}', "unknown_event"),
        ('{"eventType": "Teleport", "mail": {}}', "unknown_event"),
        ('{"Type": "Notification"}', "not_an_event"),
        (ses_events.body("Send", sendingAccountId="999999999999"), "foreign_account"),
        (ses_events.body("Send", tags={}), "foreign_configuration_set"),
        (ses_events.body("Send", tags={"ses:configuration-set": ["other"]}), "foreign_configuration_set"),
        (ses_events.body("Send", tags={"ses:configuration-set": ["contactflow-ack"]}), "acknowledgement"),
        (ses_events.body("Send", tags={"ses:configuration-set": ["contactflow"]}), "untagged"),
    ],
)
def test_what_is_not_ours_is_named_and_changes_nothing(body: str, reason: str) -> None:
    assert read(body) == NotOurs(reason)


@pytest.mark.parametrize(
    "tags", [{"replay": ["x"]}, {"replay": ["1", "2"]}, {"messageId": []}, {"replay": ["9" * 99]}]
)
def test_tags_that_we_never_write_are_not_believed(tags: dict[str, list[str]]) -> None:
    event = ses_events.event("Send")
    event["mail"]["tags"] |= tags
    assert read(json.dumps(event)) == NotOurs("untagged")


@given(st.text())
def test_no_body_raises(body: str) -> None:
    assert isinstance(read(body), NotOurs)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("Bounce", "bounce (General)"),
        ("Suppressed", "bounce (OnAccountSuppressionList)"),
        ("Complaint", "complaint"),
        ("Reject", "reject"),
        ("Transient", None),
        ("Delivery", None),
    ],
)
def test_only_what_keeps_the_owner_from_getting_mail_is_alarming(name: str, cause: str | None) -> None:
    told = read(ses_events.body(name))
    assert isinstance(told, Ours)
    assert feedback.owner_unreachable(told.event) == cause


def test_a_complaint_that_put_the_owner_on_the_suppression_list_is_alarming_too() -> None:
    event = ses_events.event("Complaint")
    event["complaint"]["complaintSubType"] = "OnAccountSuppressionList"
    told = read(json.dumps(event))
    assert isinstance(told, Ours)
    assert feedback.owner_unreachable(told.event) == "complaint (OnAccountSuppressionList)"
