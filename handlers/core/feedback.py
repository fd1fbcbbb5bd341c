"""The body of a message in EventsQueue → the SES event in it, if it is one and it is ours."""

from dataclasses import dataclass

from pydantic import ValidationError

from handlers.core import strict_json
from schemas.ses_event import SES_EVENT, Bounce, Complaint, Reject, SesEvent


@dataclass(frozen=True)
class Ours:
    """An event about a mail that this stack sent for one message."""

    event: SesEvent
    message_id: str
    replay: int


@dataclass(frozen=True)
class NotOurs:
    """Anything else: it changes nothing and is counted under `reason`."""

    reason: str


@dataclass(frozen=True)
class Senders:
    """What an event must carry to be believed."""

    account_id: str
    configuration_set: str
    acknowledgement_configuration_set: str


def read(body: str, senders: Senders) -> Ours | NotOurs:
    """Take raw delivery and SNS's envelope alike; never raise."""
    try:
        document = strict_json.loads(body)
        if document.get("Type") == "Notification":
            document = strict_json.loads(str(document.get("Message")))
        event = SES_EVENT.validate_python(document)
    except strict_json.NotStrictJsonError:
        # SES's first message on a topic is a plain sentence: "Successfully validated SNS topic for …".
        return NotOurs("not_an_event")
    except ValidationError:
        return NotOurs("unknown_event")
    return _ours(event, senders)


def _ours(event: SesEvent, senders: Senders) -> Ours | NotOurs:
    tags = event.mail.tags
    configuration_set = tags.get("ses:configuration-set", [])
    if event.mail.sendingAccountId != senders.account_id:
        return NotOurs("foreign_account")
    if configuration_set == [senders.acknowledgement_configuration_set]:
        return NotOurs("acknowledgement")
    if configuration_set != [senders.configuration_set]:
        return NotOurs("foreign_configuration_set")
    match tags.get("messageId"), tags.get("replay"):
        case [str(message_id)], [str(replay)] if replay.isdecimal() and len(replay) < 6:  # noqa: PLR2004 - our tag
            return Ours(event, message_id, int(replay))
    return NotOurs("untagged")


def owner_unreachable(event: SesEvent) -> str | None:
    """Why the owner's own address does not take mail, if this event says so; no mail can tell the owner."""
    match event:
        case Bounce() if event.bounce.bounceType == "Permanent":
            return f"bounce ({event.bounce.bounceSubType})"
        case Complaint() if event.complaint.complaintFeedbackType != "not-spam":
            return f"complaint ({subtype})" if (subtype := event.complaint.complaintSubType) else "complaint"
        case Reject():
            return "reject"
    return None
