"""Words for what the mailbox shows."""

from datetime import datetime

from ops.local.ses.faults import Fault, FaultKind
from ops.local.ses.outcomes import Outcome
from ops.local.ses.store import Event

_PARTS = {"html": "HTML", "text": "Text", "headers": "Headers and tags", "events": "Events as JSON"}
_NEXT = {
    Outcome.DELIVERY: "is delivered, whatever its address",
    Outcome.BOUNCE: "bounces",
    Outcome.NO_EMAIL: "bounces: no such mailbox",
    Outcome.SOFT_BOUNCE: "bounces softly: the mailbox is full",
    Outcome.AUTO_REPLY: "is delivered, and an answering machine replies",
    Outcome.COMPLAINT: "is delivered, then marked as spam",
    Outcome.SUPPRESSION: "is not sent: its address is suppressed",
    Outcome.GLOBAL_SUPPRESSION: "is not sent: its address is suppressed by SES",
    Outcome.COMPLAINT_SUPPRESSION: "is not sent: its recipient complained before",
    Outcome.DELAY: "is delayed, then delivered",
    Outcome.REJECT: "is rejected for its content",
    Outcome.RENDERING_FAILURE: "cannot be rendered",
}
_FAULTS = {
    FaultKind.THROTTLE: "answered 429: too many requests",
    FaultKind.OUTAGE: "answered 503: unavailable",
    FaultKind.TIMEOUT: "accepted and never answered",
    FaultKind.LOST_REPLY: "accepted, and the answer is lost",
    FaultKind.SLOW: "accepted, and answered after 200 ms",
}
_GOOD = frozenset({"delivered", "Delivery"})
_BAD = frozenset(
    {"bounced", "complained", "rejected", "suppressed", "Bounce", "Complaint", "Reject", "Rendering Failure"}
)
_WARNING = frozenset({"delayed", "soft_bounced", "outcome_unknown", "review", "discarded", "DeliveryDelay"})


def part_name(part: str) -> str:
    return _PARTS[part]


def tone(word: str) -> str:
    """The colour of a status or of an event kind; the word itself always stands beside it."""
    for name, words in (("good", _GOOD), ("bad", _BAD), ("warning", _WARNING)):
        if word in words:
            return name
    return "calm"


def status_name(status: str) -> str:
    return status.replace("_", " ")


def next_mails(outcome: Outcome, count: int) -> str:
    mails = "The next mail" if count == 1 else f"Each of {count} next mails"
    return f"{mails} {_NEXT[outcome]}."


def fault_text(fault: Fault) -> str:
    calls = "Every SendEmail call is" if fault.calls is None else f"{fault.calls} SendEmail calls are"
    if fault.calls == 1:
        calls = "The next SendEmail call is"
    until = (
        "" if fault.until is None else f" until {datetime.fromtimestamp(fault.until).astimezone():%H:%M:%S}"
    )
    return f"{calls} {_FAULTS[fault.kind]}{until}."


def clock(moment: datetime) -> str:
    """The time of day where this process runs, which is where its reader sits."""
    return f"{moment.astimezone():%H:%M:%S}"


def day(moment: datetime) -> str:
    return f"{moment.astimezone():%a %d %b %Y, %H:%M:%S}"


def event_detail(event: Event) -> str:
    """An event's own words in a line."""
    match event.detail:
        case {"bounceType": kind, "bounceSubType": sub_type}:
            return f"{kind} · {sub_type}"
        case {"smtpResponse": response}:
            return str(response)
        case {"complaintSubType": sub_type}:
            return str(sub_type or event.detail["complaintFeedbackType"])
        case {"delayType": delay}:
            return str(delay)
        case {"reason": text} | {"errorMessage": text}:
            return str(text)
    return ""
