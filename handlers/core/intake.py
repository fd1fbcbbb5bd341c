"""An SQS message of IntakeQueue → a submission to deliver, one to hold, or a redriven review item."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from handlers.core import plain_form, strict_json, times
from handlers.core.address import UnusableAddressError, to_ascii
from handlers.core.screening import Rules, reason_to_hold
from schemas.intake import IntakeAttributes
from schemas.record import MESSAGE_ID_PATTERN
from schemas.submission import FORM_ID_PATTERN, Submission
from schemas.workflow import ReviewMessage

_UNUSABLE = (strict_json.NotStrictJsonError, plain_form.NotAFormError, ValidationError, UnusableAddressError)
#: What a retry of the same message may change without becoming another message.
_NOT_CONTENT = {"stamp", "fillMilliseconds"}
_FORM_ID = re.compile(FORM_ID_PATTERN)
#: An SES event that SQS moved to ReviewQueue and somebody moved on to IntakeQueue: sent again, it goes to EventsQueue.
POISON_EVENT = "poison_event"
_OF_AN_EVENT = {"eventType", "mail"}


@dataclass(frozen=True)
class Accepted:
    """A message that was accepted with a 202 and must now be accounted for."""

    message_id: str
    accepted_at: datetime
    content_hash: str
    #: the submission as JSON, or whatever arrived instead of one, so that a person can read it
    body: str
    #: the visitor's address in ASCII; empty if what arrived has none
    sender: str
    #: why a person must look at it first; None: deliver it
    hold_reason: str | None
    #: the form that it names
    form: str = ""


@dataclass(frozen=True)
class Redriven:
    """A review item that an operator moved back into IntakeQueue, by our CLI or by SQS's own redrive."""

    message_id: str


def _derived_id(content_hash: str) -> str:
    """An id for a message that came without one. Equal bodies get equal ids, however often they come."""
    return "-".join(content_hash[a:b] for a, b in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))


def second_id(message_id: str, content_hash: str) -> str:
    """The id of another content under an id already taken: both messages are kept, each once."""
    return f"{message_id[:67]}-c{content_hash[:8]}"


def read(body: str, attributes: IntakeAttributes, rules: Rules, now: datetime) -> Accepted | Redriven:
    """Never raises: what cannot be read is held for a person with the reason, on first sight."""
    form: Any = ""
    try:
        document = strict_json.loads(body)
        if set(document) == set(ReviewMessage.model_fields):
            return Redriven(ReviewMessage.model_validate(document).messageId)
        if set(document) >= _OF_AN_EVENT:
            return _unreadable(body, attributes, "SesEvent", now)
        if plain_form.is_wrapped(document):
            form = document.get("form", "")
            body = plain_form.unwrap(document)
            document = plain_form.fields(body) | ({"form": form} if form else {})
            body = json.dumps(document, ensure_ascii=False)
        submission = Submission.model_validate(document)
        submission = submission.model_copy(update={"email": to_ascii(submission.email)})
    except _UNUSABLE as problem:
        held = _unreadable(body, attributes, type(problem).__name__, now)
        return replace(held, form=form) if isinstance(form, str) and _FORM_ID.fullmatch(form) else held
    # A message without a form has the hash that it had before there were forms: it may have come then, too.
    without = _NOT_CONTENT if submission.form else _NOT_CONTENT | {"form"}
    content = json.dumps(submission.model_dump(exclude=without), sort_keys=True)
    content_hash = hashlib.sha256(content.encode()).hexdigest()
    return Accepted(
        message_id=_message_id(attributes, submission.submissionId, content_hash),
        accepted_at=_accepted_at(attributes, now),
        content_hash=content_hash,
        body=submission.model_dump_json(exclude_defaults=True),
        sender=submission.email,
        hold_reason=reason_to_hold(submission, attributes.origin, rules),
        form=submission.form,
    )


def _unreadable(body: str, attributes: IntakeAttributes, problem: str, now: datetime) -> Accepted:
    readable = body.encode(errors="replace")
    content_hash = hashlib.sha256(readable).hexdigest()
    return Accepted(
        message_id=_message_id(attributes, "", content_hash),
        accepted_at=_accepted_at(attributes, now),
        content_hash=content_hash,
        body=readable.decode(),
        sender="",
        hold_reason=_HOLD_REASONS[problem],
    )


_HOLD_REASONS = {
    "NotStrictJsonError": "unreadable_body",
    "NotAFormError": "unreadable_body",
    "ValidationError": "invalid_submission",
    "UnusableAddressError": "unusable_address",
    "SesEvent": POISON_EVENT,
}


def _message_id(attributes: IntakeAttributes, submission_id: str, content_hash: str) -> str:
    """Never the SQS message id: a redrive gives the same message a new one.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
    """
    if re.fullmatch(MESSAGE_ID_PATTERN, attributes.messageId):
        return attributes.messageId
    return submission_id or _derived_id(content_hash)


def _accepted_at(attributes: IntakeAttributes, now: datetime) -> datetime:
    try:
        return times.from_epoch_milliseconds(attributes.receivedAt)
    except ValueError:
        return now
