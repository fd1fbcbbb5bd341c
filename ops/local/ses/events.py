"""SES events in the shapes that AWS documents for event publishing to SNS.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import uuid
from typing import Any

from handlers.core.times import iso
from ops.local.ses.outcomes import bare
from ops.local.ses.store import Event, Mail

#: Names of the published kinds → names of SESv2's EventType, by which event destinations choose.
EVENT_TYPES = {
    "Send": "SEND",
    "Delivery": "DELIVERY",
    "Bounce": "BOUNCE",
    "Complaint": "COMPLAINT",
    "Reject": "REJECT",
    "DeliveryDelay": "DELIVERY_DELAY",
    "Rendering Failure": "RENDERING_FAILURE",
}
#: SES's first message on the topic of a new event destination; not JSON.
VALIDATION = "Successfully validated SNS topic for Amazon SES event publishing."
SUBJECT = "Amazon SES Email Event Notification"

# The examples of these two carry neither headers nor commonHeaders.
_WITHOUT_HEADERS = frozenset({"DeliveryDelay", "Rendering Failure"})


def ses_id(seconds: float) -> str:
    """A message or feedback id as us-east-1 makes it: 0100, the time in ms, a UUID, a counter."""
    return f"0100{int(seconds * 1000):012x}-{uuid.uuid4()}-000000"


def document(mail: Mail, event: Event, account: str, region: str) -> dict[str, Any]:
    """The JSON that SES publishes for `event`."""
    return {
        "eventType": event.kind,
        "mail": _mail(mail, event, account, region),
        event.part: dict(event.detail),
    }


def _mail(mail: Mail, event: Event, account: str, region: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "timestamp": iso(mail.accepted_at),
        "source": mail.sender,
        "sourceArn": f"arn:aws:ses:{region}:{account}:identity/{mail.identity}",
        "sendingAccountId": account,
        "messageId": mail.id,
        "destination": [*mail.recipients],
        "headersTruncated": False,
    }
    if event.kind not in _WITHOUT_HEADERS:
        described["headers"] = [{"name": name, "value": value} for name, value in headers(mail)]
        described["commonHeaders"] = _common_headers(mail)
    return described | {"tags": _tags(mail, event)}


def headers(mail: Mail) -> list[tuple[str, str]]:
    """The headers of a mail as its events list them, in order; Bcc is in none."""
    both = mail.text is not None and mail.html is not None
    single = "text/plain" if mail.html is None else "text/html"
    content_type = (
        f'multipart/alternative; boundary="----=_Part_{mail.id}"' if both else f"{single}; charset=UTF-8"
    )
    listed = [
        ("From", mail.sender),
        ("Reply-To", ", ".join(mail.reply_to)),
        ("To", ", ".join(mail.to)),
        ("Cc", ", ".join(mail.cc)),
        ("Subject", mail.subject),
        ("MIME-Version", "1.0"),
        ("Content-Type", content_type),
        *mail.extra_headers,
    ]
    return [(name, value) for name, value in listed if value]


def _common_headers(mail: Mail) -> dict[str, Any]:
    common: dict[str, Any] = {
        "from": [mail.sender],
        "replyTo": [*mail.reply_to],
        "to": [*mail.to],
        "cc": [*mail.cc],
        "messageId": mail.id,
        "subject": mail.subject,
    }
    return {name: value for name, value in common.items() if value}


def _tags(mail: Mail, event: Event) -> dict[str, list[str]]:
    """SES's automatic tags, then the mail's own.

    https://docs.aws.amazon.com/ses/latest/dg/monitor-using-event-publishing.html
    """
    tags = {
        "ses:operation": ["SendEmail"],
        "ses:configuration-set": [mail.configuration_set or ""],
        "ses:source-ip": ["127.0.0.1"],
        "ses:from-domain": [bare(mail.sender).rpartition("@")[2]],
        "ses:caller-identity": ["contactflow-local"],
    }
    if event.kind == "Delivery":
        tags["ses:outgoing-ip"] = ["127.0.0.1"]
    return tags | {name: [value] for name, value in mail.tags.items()}
