"""SES events in the shapes that AWS documents, for a mail of ours.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
from typing import Any

ACCOUNT = "123456789012"
CONFIGURATION_SET = "contactflow"
SES_MESSAGE_ID = "0100019a5c0e2f11-6b0f3a52-97d5-4f0e-8f0a-3c1d2b4a5e6f-000000"


def mail(message_id: str, **changed: Any) -> dict[str, Any]:
    return {
        "timestamp": "2026-11-24T10:00:00.000Z",
        "source": "noreply@example.com",
        "sourceArn": f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example.com",
        "sendingAccountId": ACCOUNT,
        "messageId": SES_MESSAGE_ID,
        "destination": ["owner@example.com"],
        "headersTruncated": False,
        "headers": [{"name": "From", "value": "noreply@example.com"}],
        "commonHeaders": {"from": ["noreply@example.com"], "to": ["owner@example.com"], "subject": "Hi"},
        "tags": {
            "ses:configuration-set": [CONFIGURATION_SET],
            "ses:source-ip": ["192.0.2.0"],
            "ses:from-domain": ["example.com"],
            "ses:caller-identity": ["SendEmailFunctionRole"],
            "messageId": [message_id],
            "kind": ["submission"],
            "replay": ["0"],
        },
    } | changed


def _recipients(**more: str) -> list[dict[str, str]]:
    return [{"emailAddress": "owner@example.com", **more}]


PARTS: dict[str, dict[str, Any]] = {
    "Send": {"send": {}},
    "Delivery": {
        "delivery": {
            "timestamp": "2026-11-24T10:00:02.000Z",
            "processingTimeMillis": 2000,
            "recipients": ["owner@example.com"],
            "smtpResponse": "250 2.6.0 Message received",
            "reportingMTA": "a8-70.smtp-out.amazonses.com",
        }
    },
    "Bounce": {
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": _recipients(
                action="failed", status="5.1.1", diagnosticCode="smtp; 550 5.1.1"
            ),
            "timestamp": "2026-11-24T10:00:03.000Z",
            "feedbackId": "0100019a5c0e3aaa-1f2e3d4c-0001-4b5a-9c8d-7e6f5a4b3c2d-000000",
            "reportingMTA": "dsn; a8-70.smtp-out.amazonses.com",
        }
    },
    "Transient": {
        "bounce": {
            "bounceType": "Transient",
            "bounceSubType": "General",
            "bouncedRecipients": _recipients(),
            "timestamp": "2026-11-24T10:00:04.000Z",
            "feedbackId": "0100019a5c0e3bbb-1f2e3d4c-0002-4b5a-9c8d-7e6f5a4b3c2d-000000",
        }
    },
    "Suppressed": {
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "OnAccountSuppressionList",
            "bouncedRecipients": _recipients(action="failed", status="5.1.1"),
            "timestamp": "2026-11-24T10:00:01.000Z",
            "feedbackId": "0100019a5c0e3ccc-1f2e3d4c-0003-4b5a-9c8d-7e6f5a4b3c2d-000000",
        }
    },
    "Complaint": {
        "complaint": {
            "complainedRecipients": _recipients(),
            "timestamp": "2026-11-24T11:00:00.000Z",
            "feedbackId": "0100019a5c0e3ddd-1f2e3d4c-0004-4b5a-9c8d-7e6f5a4b3c2d-000000",
            "complaintSubType": None,
            "complaintFeedbackType": "abuse",
            "userAgent": "ExampleCorp Feedback Loop (V0.01)",
            "arrivalDate": "2026-11-24T10:59:00.000Z",
        }
    },
    "Reject": {"reject": {"reason": "Bad content"}},
    "DeliveryDelay": {
        "deliveryDelay": {
            "delayType": "TransientCommunicationFailure",
            "expirationTime": "2026-11-25T00:00:00.000Z",
            "delayedRecipients": _recipients(status="4.4.1", diagnosticCode="smtp; 421 4.4.1"),
            "timestamp": "2026-11-24T10:05:00.000Z",
        }
    },
    "Rendering Failure": {
        "failure": {"errorMessage": "Attribute 'x' is not present", "templateName": "MyTemplate"}
    },
    "Open": {"open": {"ipAddress": "192.0.2.1", "timestamp": "2026-11-24T12:00:00.000Z", "userAgent": "x"}},
    "Click": {
        "click": {
            "ipAddress": "192.0.2.1",
            "link": "https://example.com/",
            "linkTags": None,
            "timestamp": "2026-11-24T12:00:01.000Z",
            "userAgent": "x",
        }
    },
    "Subscription": {
        "subscription": {
            "contactList": "List",
            "timestamp": "2026-11-24T12:00:02.000Z",
            "source": "UnsubscribeHeader",
            "newTopicPreferences": {"unsubscribeAll": True, "topicSubscriptionStatus": []},
            "oldTopicPreferences": {"unsubscribeAll": False, "topicSubscriptionStatus": []},
        }
    },
}
_TEXTS = {name: json.dumps(part) for name, part in PARTS.items()}
_KIND = {"Transient": "Bounce", "Suppressed": "Bounce"}


def event(
    name: str, message_id: str = "m1", *, key: str = "eventType", **mail_changed: Any
) -> dict[str, Any]:
    return {key: _KIND.get(name, name), "mail": mail(message_id, **mail_changed), **json.loads(_TEXTS[name])}


def body(name: str, message_id: str = "m1", **mail_changed: Any) -> str:
    return json.dumps(event(name, message_id, **mail_changed))
