"""Submission → the mail that the site owner gets, as plain text and as escaped HTML."""

from dataclasses import dataclass
from html import escape

from schemas.submission import Submission


@dataclass(frozen=True)
class Mail:
    """What SES's SendEmail is called with, for exactly one recipient."""

    sender: str
    recipient: str
    reply_to: str | None
    subject: str
    text: str
    html: str | None
    configuration_set: str
    tags: dict[str, str]


def reference(message_id: str) -> str:
    """The part of the id that a person can say on the phone."""
    return message_id[:8]


# SES escapes nothing: https://docs.aws.amazon.com/ses/latest/dg/send-personalized-email-advanced.html
# `dir=auto` lets right-to-left text read as its writer meant it.
_HTML = """<!doctype html>
<html lang="en"><body style="font-family:system-ui,sans-serif;line-height:1.5">
<h1 dir="auto" style="font-size:1.25rem">{subject}</h1>
<p dir="auto" style="white-space:pre-wrap">{message}</p>
<hr>
<p>From {name}<a href="mailto:{email}">{email}</a><br>Reference {message_id}</p>
<p style="color:#666">Answer this mail to write to the sender.</p>
</body></html>
"""

_TEXT = """{message}

--
From: {name}{email}
Subject: {subject}
Reference: {message_id}
Answer this mail to write to the sender.
"""


def owner_mail(
    submission: Submission, message_id: str, replay: int, sender: str, recipient: str, configuration_set: str
) -> Mail:
    """The visitor stands in Reply-To only: no stranger ever chooses a recipient or our From."""
    fields = {
        "subject": submission.subject,
        "message": submission.message,
        "email": submission.email,
        "message_id": message_id,
    }
    name = submission.name
    return Mail(
        sender=sender,
        recipient=recipient,
        reply_to=submission.email,
        subject=f"{submission.subject} [{reference(message_id)}]",
        text=_TEXT.format(**fields, name=f"{name}, " if name else ""),
        html=_HTML.format(
            **{key: escape(value) for key, value in fields.items()}, name=escape(f"{name}, " if name else "")
        ),
        configuration_set=configuration_set,
        tags={"messageId": message_id, "kind": "submission", "replay": str(replay)},
    )


ACKNOWLEDGEMENT_SUBJECT = "We have received your message"
ACKNOWLEDGEMENT_TEXT = """Thank you for writing to us. Your message has arrived and a person will read it.

You do not need to answer this mail. If you did not write to us, someone gave your address by mistake,
and you can ignore it; you will get no more than one such mail a day.
"""


def acknowledgement(message_id: str, sender: str, recipient: str, configuration_set: str) -> Mail:
    """Fixed words only: a stranger's words to an address of the stranger's choosing are an open relay."""
    return Mail(
        sender=sender,
        recipient=recipient,
        reply_to=None,
        subject=ACKNOWLEDGEMENT_SUBJECT,
        text=ACKNOWLEDGEMENT_TEXT,
        html=None,
        configuration_set=configuration_set,
        tags={"messageId": message_id, "kind": "acknowledgement", "replay": "0"},
    )
