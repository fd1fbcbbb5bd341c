"""The events against the fields that AWS documents.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from ops.local.ses.outcomes import Outcome
from ops.local.ses.store import MailStore
from schemas.ses_event import SES_EVENT
from tests.fakes.ses_world import World, request

ID = re.compile(r"0100[0-9a-f]{12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-000000")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
MAIL = {
    "timestamp",
    "source",
    "sourceArn",
    "sendingAccountId",
    "messageId",
    "destination",
    "headersTruncated",
    "tags",
}
HEADERS = {"headers", "commonHeaders"}
AUTOMATIC_TAGS = {
    "ses:operation",
    "ses:configuration-set",
    "ses:source-ip",
    "ses:from-domain",
    "ses:caller-identity",
}
BOUNCE = {
    "bounceType",
    "bounceSubType",
    "bouncedRecipients",
    "timestamp",
    "feedbackId",
    "reportingMTA",
}


def published(outcome: Outcome, kind: str) -> dict[str, Any]:
    world = World()
    ses = world.behaviour(MailStore())
    ses.script.add(outcome)
    ses.send(request())
    world.run()
    return next(event for event in world.events() if event["eventType"] == kind)


@pytest.mark.parametrize(
    ("outcome", "kind", "part", "fields"),
    [
        (Outcome.DELIVERY, "Send", "send", set()),
        (
            Outcome.DELIVERY,
            "Delivery",
            "delivery",
            {"timestamp", "processingTimeMillis", "recipients", "smtpResponse", "reportingMTA"},
        ),
        (Outcome.BOUNCE, "Bounce", "bounce", BOUNCE),
        (Outcome.NO_EMAIL, "Bounce", "bounce", BOUNCE),
        (Outcome.SOFT_BOUNCE, "Bounce", "bounce", BOUNCE),
        (Outcome.SUPPRESSION, "Bounce", "bounce", BOUNCE),
        (
            Outcome.COMPLAINT,
            "Complaint",
            "complaint",
            {
                "complainedRecipients",
                "timestamp",
                "feedbackId",
                "complaintSubType",
                "userAgent",
                "complaintFeedbackType",
                "arrivalDate",
            },
        ),
        (Outcome.REJECT, "Reject", "reject", {"reason"}),
        (
            Outcome.DELAY,
            "DeliveryDelay",
            "deliveryDelay",
            {"timestamp", "delayType", "expirationTime", "delayedRecipients"},
        ),
        (Outcome.RENDERING_FAILURE, "Rendering Failure", "failure", {"errorMessage", "templateName"}),
    ],
)
def test_an_event_has_the_documented_fields(outcome: Outcome, kind: str, part: str, fields: set[str]) -> None:
    event = published(outcome, kind)
    assert event.keys() == {"eventType", "mail", part}
    assert event[part].keys() == fields
    bare = kind in {"DeliveryDelay", "Rendering Failure"}
    assert event["mail"].keys() == (MAIL if bare else MAIL | HEADERS)
    assert SES_EVENT.validate_python(event).kind == kind


def test_the_mail_is_described_as_it_was_sent() -> None:
    mail = published(Outcome.DELIVERY, "Send")["mail"]
    assert ID.fullmatch(mail["messageId"])
    assert mail["messageId"][4:16] == f"{1_795_000_000_000:012x}"
    assert mail["timestamp"] == datetime.fromtimestamp(1_795_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert mail["source"] == "Site <noreply@example.com>"
    assert mail["sourceArn"] == "arn:aws:ses:us-east-1:123456789012:identity/example.com"
    assert mail["destination"] == ["owner@example.org"]
    assert {"name": "Reply-To", "value": "visitor@example.net"} in mail["headers"]
    assert mail["commonHeaders"] == {
        "from": ["Site <noreply@example.com>"],
        "replyTo": ["visitor@example.net"],
        "to": ["owner@example.org"],
        "messageId": mail["messageId"],
        "subject": "Hello [1234]",
    }


def test_tags_are_ses_s_own_and_the_mail_s() -> None:
    tags = published(Outcome.BOUNCE, "Bounce")["mail"]["tags"]
    assert tags.keys() == AUTOMATIC_TAGS | {"messageId", "kind"}
    assert (tags["messageId"], tags["ses:configuration-set"], tags["ses:from-domain"]) == (
        ["m-1"],
        ["contactflow"],
        ["example.com"],
    )
    assert "ses:outgoing-ip" in published(Outcome.DELIVERY, "Delivery")["mail"]["tags"]


def test_feedback_ids_and_times_have_ses_s_form() -> None:
    bounce = published(Outcome.BOUNCE, "Bounce")["bounce"]
    assert ID.fullmatch(bounce["feedbackId"])
    assert TIME.fullmatch(bounce["timestamp"])
    assert bounce["bouncedRecipients"] == [
        {
            "emailAddress": "owner@example.org",
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        }
    ]


def test_bcc_is_a_destination_and_no_header() -> None:
    world = World()
    ses = world.behaviour(MailStore())
    destination = {"ToAddresses": ["a@example.org"], "BccAddresses": ["hidden@example.org"]}
    ses.send(request(Destination=destination))
    world.run()
    mail = world.events()[0]["mail"]
    assert mail["destination"] == ["a@example.org", "hidden@example.org"]
    assert "hidden" not in str(mail["headers"]) + str(mail["commonHeaders"])
