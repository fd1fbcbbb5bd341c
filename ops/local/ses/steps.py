"""Outcome → the events that tell of it, in the shapes that AWS documents.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.core.times import iso
from ops.local.ses.events import ses_id
from ops.local.ses.outcomes import Outcome, bare
from ops.local.ses.store import Event, Mail

_MTA = "a8-70.smtp-out.amazonses.com"
# MaxDeliverySeconds unless the configuration set has another:
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DeliveryOptions.html
_GIVES_UP_AFTER = timedelta(hours=14)


@dataclass(frozen=True)
class Occasion:
    """What an event is about: whose mail, which of its recipients, when."""

    mail: Mail
    recipients: tuple[str, ...]
    at: datetime

    @property
    def feedback_id(self) -> str:
        return ses_id(self.at.timestamp())


Step = Callable[[Occasion], Event]


def send(occasion: Occasion) -> Event:
    return Event("Send", "send", occasion.at, {})


def delivery(occasion: Occasion) -> Event:
    elapsed = occasion.at - occasion.mail.accepted_at
    detail = {
        "timestamp": iso(occasion.at),
        "processingTimeMillis": elapsed // timedelta(milliseconds=1),
        "recipients": [bare(address) for address in occasion.recipients],
        "smtpResponse": "250 2.6.0 Message received",
        "reportingMTA": _MTA,
    }
    return Event("Delivery", "delivery", occasion.at, detail)


def bounce(bounce_type: str, sub_type: str, status: str, diagnostic: str) -> Step:
    """A bounce by the receiving server, or by SES itself, of all recipients alike."""

    def happen(occasion: Occasion) -> Event:
        detail = {
            "feedbackId": occasion.feedback_id,
            "bounceType": bounce_type,
            "bounceSubType": sub_type,
            "bouncedRecipients": [
                {
                    "emailAddress": bare(address),
                    "action": "failed",
                    "status": status,
                    "diagnosticCode": diagnostic,
                }
                for address in occasion.recipients
            ],
            "timestamp": iso(occasion.at),
            "reportingMTA": f"dsn; {_MTA}",
        }
        return Event("Bounce", "bounce", occasion.at, detail)

    return happen


def auto_reply(occasion: Occasion) -> Event:
    """An answering machine's mail to the return path; no server failed, so no recipient has a status."""
    detail = {
        "feedbackId": occasion.feedback_id,
        "bounceType": "Transient",
        "bounceSubType": "General",
        "bouncedRecipients": [{"emailAddress": bare(address)} for address in occasion.recipients],
        "timestamp": iso(occasion.at),
    }
    return Event("Bounce", "bounce", occasion.at, detail)


def complaint(sub_type: str | None) -> Step:
    """A complaint by the recipients, or one that SES answers with itself since there was one before."""

    def happen(occasion: Occasion) -> Event:
        by_person = {
            "userAgent": "ContactFlow mailbox",
            "complaintFeedbackType": "abuse",
            "arrivalDate": iso(occasion.mail.accepted_at),
        }
        detail = {
            "feedbackId": occasion.feedback_id,
            "complaintSubType": sub_type,
            "complainedRecipients": [{"emailAddress": bare(address)} for address in occasion.recipients],
            "timestamp": iso(occasion.at),
        } | (by_person if sub_type is None else {})
        return Event("Complaint", "complaint", occasion.at, detail)

    return happen


def delivery_delay(occasion: Occasion) -> Event:
    detail = {
        "timestamp": iso(occasion.at),
        "delayType": "TransientCommunicationFailure",
        "expirationTime": iso(occasion.mail.accepted_at + _GIVES_UP_AFTER),
        "delayedRecipients": [
            {
                "emailAddress": bare(address),
                "status": "4.4.1",
                "diagnosticCode": "smtp; 421 4.4.1 Unable to connect to remote host",
            }
            for address in occasion.recipients
        ],
    }
    return Event("DeliveryDelay", "deliveryDelay", occasion.at, detail)


def reject(occasion: Occasion) -> Event:
    return Event("Reject", "reject", occasion.at, {"reason": "Bad content"})


def rendering_failure(occasion: Occasion) -> Event:
    detail = {
        "errorMessage": "Attribute 'attributeName' is not present in the rendering data.",
        "templateName": "LocalTemplate",
    }
    return Event("Rendering Failure", "failure", occasion.at, detail)


_ON_LIST = "Amazon SES did not send the message to this address because it is on the suppression list"
#: Outcome → the events that follow Send. Subtypes: https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
STEPS: dict[Outcome, tuple[Step, ...]] = {
    Outcome.DELIVERY: (delivery,),
    Outcome.BOUNCE: (bounce("Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown"),),
    Outcome.NO_EMAIL: (bounce("Permanent", "NoEmail", "5.1.1", "smtp; 550 5.1.1 no such mailbox"),),
    Outcome.SOFT_BOUNCE: (bounce("Transient", "MailboxFull", "5.2.2", "smtp; 552 5.2.2 mailbox full"),),
    Outcome.AUTO_REPLY: (delivery, auto_reply),
    Outcome.COMPLAINT: (delivery, complaint(None)),
    Outcome.SUPPRESSION: (
        bounce("Permanent", "OnAccountSuppressionList", "5.1.1", f"{_ON_LIST} for your account."),
    ),
    Outcome.GLOBAL_SUPPRESSION: (bounce("Permanent", "Suppressed", "5.1.1", f"{_ON_LIST}."),),
    Outcome.COMPLAINT_SUPPRESSION: (complaint("OnAccountSuppressionList"),),
    Outcome.DELAY: (delivery_delay, delivery),
    Outcome.REJECT: (reject,),
    Outcome.RENDERING_FAILURE: (rendering_failure,),
}
