"""SES as documented: takes mails, loses answers, throttles; its events come late, often, early and in any order.

https://docs.aws.amazon.com/ses/latest/dg/send-email-concepts-deliverability.html
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from handlers.core import sending, times
from handlers.core.mail import Mail
from handlers.errors import OutcomeUnknownError, TransientSendError
from tests.fakes import ses_events

if TYPE_CHECKING:
    from tests.simulation.cloud import SimCloud
    from tests.simulation.world import World

#: What becomes of an accepted mail, the likeliest thrice.
_FATES = (
    ("Send", "Delivery"),
    ("Send", "Delivery"),
    ("Send", "Delivery"),
    ("Send", "Bounce"),
    ("Send", "Suppressed"),
    ("Send", "Reject"),
    ("Send", "DeliveryDelay", "Delivery"),
    ("Send", "DeliveryDelay", "DeliveryDelay", "Transient"),
    ("Send", "Delivery", "Transient"),
    ("Send", "Delivery", "Bounce"),
    ("Send", "Delivery", "Complaint"),
    ("Send",),
    ("Send", "DeliveryDelay"),
    (),
)
_DAY = 86_400.0


@dataclass
class Ses:
    world: "World"
    #: mails a second, as the account allows; None: no limit
    rate: float | None = None
    #: times between which SES says "not now"
    closed: list[tuple[float, float]] = field(default_factory=list)
    #: every mail that SES took, whatever its caller got to hear
    accepted: list[Mail] = field(default_factory=list)
    #: (message id, replay) → the names of the events that SES published about it
    told: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    _spent: float = 0.0
    _spent_at: float = 0.0

    def send(self, mail: Mail, caller: "SimCloud") -> str:
        """The call as the SDK makes it: once, unless the variant lets it repeat as it does by default."""
        attempts = self.world.variant.ses_attempts
        for _ in range(attempts - 1):
            try:
                return self._answer(mail, caller)
            except (TransientSendError, OutcomeUnknownError):
                caller.step()
        return self._answer(mail, caller)

    def _answer(self, mail: Mail, caller: "SimCloud") -> str:
        world, faults = self.world, self.world.faults
        self.counts["calls"] += 1
        if world.chance() < faults.ses_throttle * 0.2:
            raise TransientSendError("EndpointConnectionError")
        if self._throttles():
            self.counts["throttled"] += 1
            raise sending.judge(429, "TooManyRequestsException")
        if world.chance() < faults.ses_rejects:
            raise sending.judge(400, "MessageRejected")
        if world.chance() < faults.ses_fails:
            if world.chance() < 0.5:
                self._accept(mail, caller)
            raise sending.judge(500, "InternalFailure")
        ses_message_id = self._accept(mail, caller)
        if world.chance() < faults.ses_lost:
            world.scheduler.pause(15 * world.chance())
            raise OutcomeUnknownError("ReadTimeoutError")
        return ses_message_id

    def _throttles(self) -> bool:
        world, now = self.world, self.world.scheduler.now
        if any(start < now < end for start, end in self.closed) or world.chance() < world.faults.ses_throttle:
            return True
        if self.rate is None:
            return False
        self._spent = max(0.0, self._spent - (now - self._spent_at) * self.rate)
        self._spent_at = now
        if self._spent + 1 > self.rate:
            return True
        self._spent += 1
        return False

    def _accept(self, mail: Mail, caller: "SimCloud") -> str:
        self.accepted.append(mail)
        ses_message_id = f"ses-{len(self.accepted)}"
        self.world.tell(f"SES accepts {mail.tags} of {caller.who} as {ses_message_id}")
        fate = self.world.pick(_FATES) if self.world.faults is not self.world.calm else ("Send", "Delivery")
        seconds = 0.0
        for number, name in enumerate(fate):
            seconds += self.world.chance() ** 2 * (60 if number else 2)
            self._publish(name, mail, ses_message_id, seconds)
        return ses_message_id

    def _publish(self, name: str, mail: Mail, ses_message_id: str, seconds: float) -> None:
        world = self.world
        key = (mail.tags["messageId"], mail.tags["replay"])
        self.told.setdefault(key, []).append(name)
        event = ses_events.event(name, key[0], messageId=ses_message_id)
        event["mail"]["tags"]["replay"] = [key[1]]
        for part in ("delivery", "deliveryDelay"):
            if part in event:
                event[part] = event[part] | {"timestamp": times.iso(world.clock.now())}
        body = json.dumps(event)
        copies = 1 + int(world.chance() * 5) if world.chance() < world.faults.duplicate_event else 1
        for _ in range(copies):
            late = world.chance() * 20 * _DAY if world.chance() < world.faults.late_event else 0.0
            world.events.put(body, {}, seconds + world.chance() ** 3 * 30 + late)

    def complain(self, message_id: str, replay: int) -> None:
        """The recipient of an attempt's mail complains, in the moment that the message is sent anew."""
        for number, mail in enumerate(self.accepted, 1):
            if (mail.tags["messageId"], mail.tags["replay"]) == (message_id, str(replay)):
                self._publish("Complaint", mail, f"ses-{number}", self.world.chance() * 2)

    def forge(self) -> None:
        """Send what is no event of a mail of ours to the events queue."""
        known = [mail.tags["messageId"] for mail in self.accepted] or ["nobody"]
        event = ses_events.event(
            self.world.pick(("Send", "Delivery", "Bounce", "Complaint")), self.world.pick(known)
        )
        mail = event["mail"]
        match self.world.pick(("account", "set", "tags", "id", "replay", "text")):
            case "account":
                mail["sendingAccountId"] = "999999999999"
            case "set":
                mail["tags"]["ses:configuration-set"] = ["somebody-elses"]
            case "tags":
                del mail["tags"]["replay"]
            case "id":
                mail["tags"]["messageId"] = ["no-such-message"]
            case "replay":
                mail["tags"]["replay"] = ["77"]
            case _:
                event = {}
        text = json.dumps(event) if event else "Successfully validated SNS topic for Amazon SES."
        self.world.events.put(text, {})
