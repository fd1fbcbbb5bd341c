"""The local SES with its world recorded: time stands still, actions run when told, SNS is a list."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ops.local.ses.behaviour import Account, Behaviour, Ports
from ops.local.ses.store import MailStore
from ops.local.ses.suppression import Reason

CONFIGURATION_SET = "contactflow"
TOPIC = "arn:aws:sns:us-east-1:123456789012:feedback"
EVERY_TYPE = frozenset(
    {"SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "REJECT", "DELIVERY_DELAY", "RENDERING_FAILURE"}
)


@dataclass(frozen=True)
class Destination:
    enabled: bool = True
    matching_event_types: frozenset[str] = EVERY_TYPE
    topic_arn: str = TOPIC


@dataclass
class World:
    """`published` holds (topic, message); `run` lets all that is due happen, in the order of its time."""

    destinations: list[Destination] = field(default_factory=lambda: [Destination()])
    now: float = 1_795_000_000.0
    suppressed_reasons: frozenset[Reason] = frozenset(Reason)
    published: list[tuple[str, str]] = field(default_factory=list)
    _due: list[tuple[float, Callable[[], None]]] = field(default_factory=list)

    def behaviour(self, store: MailStore, send_rate: float | None = None) -> Behaviour:
        account = Account(
            "123456789012", "us-east-1", {"example.com"}, {CONFIGURATION_SET: self.suppressed_reasons}
        )
        ports = Ports(
            account=lambda: account,
            destinations=lambda _name: self.destinations,
            publish=lambda topic, message, _subject: self.published.append((topic, message)),
            after=lambda seconds, action: self._due.append((self.now + seconds, action)),
            clock=lambda: self.now,
        )
        return Behaviour(store, ports, pace=1.0, send_rate=send_rate)

    def run(self) -> None:
        while self._due:
            self._due.sort(key=lambda entry: entry[0])
            at, action = self._due.pop(0)
            self.now = max(self.now, at)
            action()

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(message) for _, message in self.published if message.startswith("{")]

    def told(self) -> list[str]:
        """The published events in short: `Bounce Permanent/General`."""
        return [_short(event) for event in self.events()]


def _short(event: dict[str, Any]) -> str:
    match event:
        case {"bounce": {"bounceType": kind, "bounceSubType": sub_type}}:
            return f"Bounce {kind}/{sub_type}"
        case {"complaint": {"complaintSubType": str(sub_type)}}:
            return f"Complaint {sub_type}"
    return str(event["eventType"])


def request(*to: str, **changed: Any) -> dict[str, Any]:
    """A SendEmail call as handlers make it."""
    return {
        "FromEmailAddress": "Site <noreply@example.com>",
        "Destination": {"ToAddresses": list(to) or ["owner@example.org"]},
        "ReplyToAddresses": ["visitor@example.net"],
        "Content": {
            "Simple": {
                "Subject": {"Data": "Hello [1234]", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Hi"}, "Html": {"Data": "<p>Hi</p>"}},
            }
        },
        "ConfigurationSetName": CONFIGURATION_SET,
        "EmailTags": [{"Name": "messageId", "Value": "m-1"}, {"Name": "kind", "Value": "submission"}],
    } | changed
