"""What `contactflow doctor` looks at: each check reads one thing and says ok, warn or fail, and what mends it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from ops.review.index import Item
from ops.review.render import age

#: An alarm of the template looks at the same age; after 14 days SQS drops the message.
OLD = timedelta(days=1)
VERY_OLD = timedelta(days=10)
_NEARLY_ALL = 0.8


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    check: str
    level: Level
    what: str
    mend: str = ""


def identity(name: str, described: Mapping[str, Any]) -> Iterator[Finding]:
    """`described` is GetEmailIdentity's answer."""
    status = described.get("VerificationStatus", "NOT_STARTED")
    level = Level.OK if status == "SUCCESS" else Level.FAIL
    yield Finding("identity", level, f"{name}: {status}", "publish the DkimRecord outputs in your DNS")
    dkim = described.get("DkimAttributes", {})
    signed = dkim.get("SigningEnabled") and dkim.get("Status") == "SUCCESS"
    what = f"signing {'on' if dkim.get('SigningEnabled') else 'off'}, {dkim.get('Status', 'NOT_STARTED')}"
    yield Finding(
        "dkim", Level.OK if signed else Level.FAIL, what, "publish the DkimRecord outputs in your DNS"
    )
    mail_from = described.get("MailFromAttributes", {}).get("MailFromDomainStatus")
    if mail_from:
        level = Level.OK if mail_from == "SUCCESS" else Level.WARN
        mend = "publish SpfRecord and MailFromMxRecord in your DNS"
        yield Finding("mail from", level, f"MX and SPF of the MAIL FROM domain: {mail_from}", mend)


def account(described: Mapping[str, Any], send_rate: float) -> Iterator[Finding]:
    """`described` is GetAccount's answer; `send_rate` the stack's SesSendRate."""
    production = described["ProductionAccessEnabled"]
    where = "production" if production else "sandbox: only verified addresses get mail"
    yield Finding("access", Level.OK if production else Level.WARN, where, "request production access in SES")
    health = described.get("EnforcementStatus", "HEALTHY")
    sending = described["SendingEnabled"] and health == "HEALTHY"
    what = f"{'enabled' if described['SendingEnabled'] else 'disabled'}, {health}"
    yield Finding("sending", Level.OK if sending else Level.FAIL, what, "see the Account dashboard of SES")
    quota = described["SendQuota"]
    used, most = quota["SentLast24Hours"], quota["Max24HourSend"]
    # -1 is an unlimited quota: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendQuota.html
    near = most > 0 and used > _NEARLY_ALL * most
    what = f"{used:.0f} of {most:.0f} mails in 24 hours"
    yield Finding("quota", Level.WARN if near else Level.OK, what, "request a higher sending quota")
    rate = quota["MaxSendRate"]
    level = Level.WARN if 0 < rate < send_rate else Level.OK
    yield Finding(
        "rate", level, f"SES takes {rate:g} a second, SesSendRate is {send_rate:g}", "lower SesSendRate"
    )


def owner(address: str, *, suppressed: bool) -> Finding:
    level = Level.FAIL if suppressed else Level.OK
    what = f"{address} is {'on' if suppressed else 'not on'} the suppression list"
    return Finding("owner", level, what, f"contactflow suppression remove {address}")


def subscription(endpoints: Iterable[str], events_queue: str) -> Finding:
    """`endpoints` of the feedback topic's subscriptions; `events_queue` is the queue's name."""
    found = any(endpoint.endswith(f":{events_queue}") for endpoint in endpoints)
    what = f"FeedbackTopic → {events_queue}: {'subscribed' if found else 'no subscription'}"
    return Finding("subscription", Level.OK if found else Level.FAIL, what, "deploy the stack again")


def alerts(subscriptions: Iterable[tuple[str, str]]) -> Finding:
    """Protocol and ARN of the alert topic's subscribers; until a mail's link is followed, its ARN is a word."""
    found = list(subscriptions)
    pending = [protocol for protocol, arn in found if not arn.startswith("arn:")]
    if pending:
        return Finding("alerts", Level.WARN, "the address has not confirmed", "follow the link in SNS's mail")
    names = {"sqs": "webhook"}
    told = ", ".join(sorted(names.get(protocol, protocol) for protocol, _ in found))
    level = Level.OK if found else Level.WARN
    return Finding("alerts", level, f"told by {told or 'nothing'}", "set AlertAddress or WebhookUrl")


def webhook(waiting: int, given_up: int) -> Finding:
    what = f"{waiting} on the way to the webhook, {given_up} given up"
    level = Level.WARN if given_up else Level.OK
    return Finding("webhook", level, what, "mend the receiver, then contactflow webhook refire")


def queues(intake: int, events: int) -> Finding:
    """How many messages each holds; how old they are, only CloudWatch knows."""
    return Finding("queues", Level.OK, f"IntakeQueue holds {intake} messages, EventsQueue {events}")


def event_path(seconds: float | None) -> Finding:
    """How long a synthetic event took from the topic to the table; None: it never came."""
    if seconds is None:
        mend = "see the ProcessFeedback function's log and EventsQueue"
        return Finding("events", Level.FAIL, "a synthetic event did not reach the table", mend)
    return Finding("events", Level.OK, f"topic → queue → table in {seconds:.1f} s, by a synthetic event")


def review(items: list[Item], depth: int) -> Iterator[Finding]:
    """The items in review, and how many messages ReviewQueue holds."""
    oldest = max((item.age for item in items), default=timedelta())
    level = Level.FAIL if oldest > VERY_OLD else Level.WARN if oldest > OLD else Level.OK
    what = f"{len(items)} in review{f', the oldest for {age(oldest)}' if items else ''}"
    yield Finding("review", level, what, "contactflow dlq list --group")
    level = Level.WARN if depth > len(items) or (items and not depth) else Level.OK
    what = f"ReviewQueue holds {depth} messages for {len(items)} records"
    yield Finding("review queue", level, what, "contactflow dlq sweep")
