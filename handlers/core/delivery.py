"""The status lattice: which SES event moves a message where. In any order, the same events end in one status.

SES promises neither order nor single delivery, and a Delivery may be followed by a Bounce of the same mail:
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

import hashlib
from dataclasses import dataclass

from handlers.core.address import fingerprint
from handlers.core.change import Change
from schemas.record import Status, TimelineEvent
from schemas.ses_event import (
    Bounce,
    Complaint,
    Delivery,
    DeliveryDelay,
    Reject,
    RenderingFailure,
    Send,
    SesEvent,
)

#: From low to high; an event lifts a message, never lowers it. DISCARDED stays above all: a person closed it.
ORDER = (
    Status.QUEUED,
    Status.SENDING,
    Status.OUTCOME_UNKNOWN,
    Status.REVIEW,
    Status.SENT,
    Status.DELAYED,
    Status.SOFT_BOUNCED,
    Status.DELIVERED,
    Status.REJECTED,
    Status.SUPPRESSED,
    Status.BOUNCED,
    Status.COMPLAINED,
    Status.DISCARDED,
)
RANK = {status: rank for rank, status in enumerate(ORDER)}
#: Nothing more is expected to happen to these by itself.
SETTLED = frozenset(ORDER[RANK[Status.SOFT_BOUNCED] :])
#: SES has the mail, or has had it.
ACCEPTED_BY_SES = frozenset(ORDER[RANK[Status.SENT] : RANK[Status.DISCARDED]])
_SUPPRESSED_SUBTYPES = frozenset({"OnAccountSuppressionList", "OnTenantSuppressionList", "Suppressed"})


@dataclass(frozen=True)
class Outcome:
    """What one SES event says: the status it argues for (None: none) and how the timeline tells it."""

    status: Status | None
    key: str
    entry: TimelineEvent


def _bounce(event: Bounce) -> tuple[Status, str]:
    bounce = event.bounce
    codes = " ".join(sorted({r.status for r in bounce.bouncedRecipients if r.status}))
    detail = f"{bounce.bounceType}/{bounce.bounceSubType} {codes}".strip()
    if bounce.bounceSubType in _SUPPRESSED_SUBTYPES:
        return Status.SUPPRESSED, detail
    # An out-of-office reply arrives as a Transient bounce after the Delivery, so it ranks below it.
    return (Status.BOUNCED if bounce.bounceType == "Permanent" else Status.SOFT_BOUNCED), detail


def _complaint(event: Complaint) -> tuple[Status | None, str]:
    complaint = event.complaint
    if complaint.complaintSubType in _SUPPRESSED_SUBTYPES:
        return Status.SUPPRESSED, complaint.complaintSubType or ""
    # "not-spam" is the recipient taking a complaint back (RFC 6650): never a reason to stop writing to them.
    if complaint.complaintFeedbackType == "not-spam":
        return None, "not-spam"
    return Status.COMPLAINED, complaint.complaintFeedbackType


def _verdict(event: SesEvent) -> tuple[Status | None, str, str, str]:
    """(status, detail, when, what makes this event itself)."""
    sent_at = event.mail.timestamp
    match event:
        case Send():
            return Status.SENT, "", sent_at, sent_at
        case Delivery():
            delivery = event.delivery
            return Status.DELIVERED, delivery.smtpResponse, delivery.timestamp, delivery.timestamp
        case Bounce():
            return *_bounce(event), event.bounce.timestamp, event.bounce.feedbackId or event.bounce.timestamp
        case Complaint():
            feedback = event.complaint.feedbackId or event.complaint.timestamp
            return *_complaint(event), event.complaint.timestamp, feedback
        case DeliveryDelay():
            delay = event.deliveryDelay
            return Status.DELAYED, delay.delayType, delay.timestamp, delay.timestamp
        case Reject():
            return Status.REJECTED, event.reject.reason, sent_at, sent_at
        case RenderingFailure():
            return Status.REJECTED, event.failure.templateName, sent_at, sent_at
        case _:
            return None, "", sent_at, sent_at


def outcome(event: SesEvent) -> Outcome:
    """The same event always gives the same key, however often and in whatever order it arrives."""
    status, detail, at, identity = _verdict(event)
    digest = hashlib.sha256(f"{event.mail.messageId}\n{identity}".encode()).hexdigest()[:16]
    key = f"{event.kind.replace(' ', '')}-{digest}"
    # Exactly one: handlers/core/mail.py.
    to = fingerprint(event.mail.destination[0]) if event.mail.destination else ""
    return Outcome(status, key, TimelineEvent(kind=event.kind, at=at, detail=detail[:200], to=to))


def lifts(status: Status) -> tuple[Status, ...]:
    """The statuses that an event for `status` may replace."""
    return ORDER[: RANK[status]]


def _may_replace(status: Status) -> tuple[Status, ...]:
    """Itself too, where nothing is settled by it: SendEmail has mostly said "sent" before the event does."""
    return lifts(status) if status in SETTLED else (*lifts(status), status)


def changes(event: SesEvent, message_id: str, replay: int, now: str) -> list[Change]:
    """The writes to try in turn; the first whose condition holds is the one that counts.

    The first lifts the status and adds to the timeline; the second only adds. When both fail, the event is
    known already, or not about this record: another SES message id or another replay proves that.
    """
    told = outcome(event)
    ours = {"sesMessageId": event.mail.messageId}
    attempts = []
    if told.status:
        sets = {"status": told.status, "updatedAt": now, "sesMessageId": event.mail.messageId}
        if told.status in SETTLED:
            sets["settledAt"] = told.entry.at
        if told.status is Status.SENT:
            sets["sentAt"] = told.entry.at
        attempts.append(
            Change(
                message_id,
                allowed=_may_replace(told.status),
                sets=sets,
                event=(told.key, told.entry),
                equals={"replays": replay},
                equals_if_present=ours,
            )
        )
    attempts.append(
        Change(
            message_id,
            allowed=ORDER,
            sets={"updatedAt": now},
            event=(told.key, told.entry),
            equals={"replays": replay},
            equals_if_present=ours,
        )
    )
    return attempts
