"""Submission → the mail that the site owner gets, as plain text and as escaped HTML."""

from dataclasses import dataclass
from html import escape

from handlers.core.wording import WORDS
from schemas.forms import Language
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
<html lang="{language}"><body style="font-family:system-ui,sans-serif;line-height:1.5">
<h1 dir="auto" style="font-size:1.25rem">{subject}</h1>
<p dir="auto" style="white-space:pre-wrap">{message}</p>
<hr>
<p>{words.sender} {name}<a href="mailto:{email}">{email}</a><br>{words.reference} {message_id}</p>
<p style="color:#666">{words.answer}</p>
</body></html>
"""

_TEXT = """{message}

--
{words.sender}: {name}{email}
{words.subject}: {subject}
{words.reference}: {message_id}
{words.answer}
"""


def owner_mail(
    submission: Submission,
    message_id: str,
    replay: int,
    *,
    sender: str,
    recipient: str,
    configuration_set: str,
    language: Language,
) -> Mail:
    """The visitor stands in Reply-To only: no stranger ever chooses a recipient or our From."""
    fields = {
        "subject": submission.subject,
        "message": submission.message,
        "email": submission.email,
        "message_id": message_id,
    }
    ours = {"words": WORDS[language], "language": language}
    name = submission.name
    return Mail(
        sender=sender,
        recipient=recipient,
        reply_to=submission.email,
        subject=f"{submission.subject} [{reference(message_id)}]",
        text=_TEXT.format(**fields, **ours, name=f"{name}, " if name else ""),
        html=_HTML.format(
            **{key: escape(value) for key, value in fields.items()},
            **ours,
            name=escape(f"{name}, " if name else ""),
        ),
        configuration_set=configuration_set,
        tags={"messageId": message_id, "kind": "submission", "replay": str(replay)},
    )


def acknowledgement(
    message_id: str, *, sender: str, recipient: str, configuration_set: str, language: Language
) -> Mail:
    """Fixed words only: a stranger's words to an address of the stranger's choosing are an open relay."""
    return Mail(
        sender=sender,
        recipient=recipient,
        reply_to=None,
        subject=WORDS[language].acknowledgement_subject,
        text=WORDS[language].acknowledgement_text,
        html=None,
        configuration_set=configuration_set,
        tags={"messageId": message_id, "kind": "acknowledgement", "replay": "0"},
    )
