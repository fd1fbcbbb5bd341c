"""What the local SES does: takes mails or fails as told, and publishes what becomes of them."""

import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from ops.local.ses import events, steps
from ops.local.ses.faults import FaultKind, FaultPlan
from ops.local.ses.outcomes import Outcome, Script, grouped, is_simulator, of_address
from ops.local.ses.rate import SendRate
from ops.local.ses.send_email import RefusedError, read
from ops.local.ses.store import Event, Mail, MailStore, moment
from ops.local.ses.suppression import Reason, Suppressed, SuppressionList, reason_of

# A delayed mail is told to be delivered so many times later than other mails, for people to see the delay.
_DELAY_FACTOR = 10


class EventDestination(Protocol):
    """An SNS event destination of a configuration set; event types in SESv2's spelling."""

    @property
    def enabled(self) -> bool: ...
    @property
    def matching_event_types(self) -> frozenset[str]: ...
    @property
    def topic_arn(self) -> str: ...


@dataclass(frozen=True)
class Account:
    """Who sends, and what mails are checked against; each configuration set has its reasons to suppress."""

    id: str
    region: str
    identities: Container[str]
    configuration_sets: Mapping[str, frozenset[Reason]]


@dataclass(frozen=True)
class Ports:
    """What the behaviour needs of the world.

    `destinations` are those of a configuration set; `publish` takes a topic's ARN, a message and a subject;
    `after` runs actions so many seconds later, one by one; `clock` is in seconds of the epoch.
    """

    account: Callable[[], Account]
    destinations: Callable[[str], Iterable[EventDestination]]
    publish: Callable[[str, str, str], object]
    after: Callable[[float, Callable[[], None]], None]
    clock: Callable[[], float]


class UnknownMailError(KeyError):
    """No such mail, or it is too old to be kept."""


class Behaviour:
    """`script`, `faults` and `suppression` may be changed by any thread at any time.

    The events of a mail come `pace` seconds apart; `send_rate` is recipients a second, None for no limit.
    """

    def __init__(self, store: MailStore, ports: Ports, *, pace: float, send_rate: float | None) -> None:
        self.script = Script()
        self.faults = FaultPlan(ports.clock)
        self.suppression = SuppressionList()
        self.rate = SendRate(send_rate, ports.clock)
        self._store = store
        self._ports = ports
        self._pace = pace
        self._validated: set[tuple[str, str]] = set()

    def send(self, request: Mapping[str, Any]) -> str:
        """One SendEmail call → the id of the accepted mail. Raise RefusedError when SES answers an error."""
        fault = self.faults.take(FaultKind.OUTAGE, FaultKind.THROTTLE)
        if fault and fault.kind is FaultKind.OUTAGE:
            raise RefusedError(503, "ServiceUnavailable", "The service is unavailable.")
        if fault:
            raise _throttled()
        account = self._ports.account()
        now = self._ports.clock()
        mail = read(request, account.identities, account.configuration_sets, now, events.ses_id)
        if not self.rate.take(len(mail.recipients)):
            raise _throttled()
        self._store.add(mail)
        self._begin(mail)
        return mail.id

    def settle(self, mail_id: str, outcome: Outcome) -> None:
        """Let an accepted mail meet `outcome` now, whatever it met before. Raise UnknownMailError."""
        mail = self._store.get(mail_id)
        if mail is None:
            raise UnknownMailError(mail_id)
        delivered = any(event.kind == "Delivery" for event in self._store.events(mail_id))
        coming = [step for step in steps.STEPS[outcome] if step is not steps.delivery or not delivered]
        self._follow(mail, mail.recipients, coming or steps.STEPS[outcome], first=0)

    def document(self, mail: Mail, event: Event) -> dict[str, Any]:
        """The JSON of a published event."""
        account = self._ports.account()
        return events.document(mail, event, account.id, account.region)

    def _begin(self, mail: Mail) -> None:
        scripted = self.script.take()
        outcomes = grouped((address, scripted or self._unscripted(address)) for address in mail.recipients)
        if Outcome.RENDERING_FAILURE not in outcomes:
            self._ports.after(0, partial(self._happen, mail, mail.recipients, steps.send))
        for outcome, recipients in outcomes.items():
            self._follow(mail, recipients, steps.STEPS[outcome], first=self._pace)

    def _unscripted(self, address: str) -> Outcome:
        entry = self.suppression.get(address)
        if entry is None:
            return of_address(address)
        # complaintSubType OnAccountSuppressionList exists for this:
        # https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
        return Outcome.COMPLAINT_SUPPRESSION if entry.reason is Reason.COMPLAINT else Outcome.SUPPRESSION

    def _follow(
        self, mail: Mail, recipients: tuple[str, ...], coming: Iterable[steps.Step], *, first: float
    ) -> None:
        wait = first
        for step in coming:
            self._ports.after(wait, partial(self._happen, mail, recipients, step))
            wait += self._pace * (_DELAY_FACTOR if step is steps.delivery_delay else 1)

    def _happen(self, mail: Mail, recipients: tuple[str, ...], step: steps.Step) -> None:
        event = step(steps.Occasion(mail, recipients, moment(self._ports.clock())))
        self._suppress(mail, recipients, event)
        topics = self._topics(mail, event)
        self._store.record(mail.id, replace(event, topics=topics))
        message = json.dumps(self.document(mail, event))
        for topic in topics:
            self._ports.publish(topic, message, events.SUBJECT)

    def _topics(self, mail: Mail, event: Event) -> tuple[str, ...]:
        """The topics that get `event`; each that is new gets SES's greeting first."""
        if mail.configuration_set is None:
            return ()
        enabled = [found for found in self._ports.destinations(mail.configuration_set) if found.enabled]
        for destination in enabled:
            if (mail.configuration_set, destination.topic_arn) not in self._validated:
                self._validated.add((mail.configuration_set, destination.topic_arn))
                self._ports.publish(destination.topic_arn, events.VALIDATION, events.SUBJECT)
        wanted = events.EVENT_TYPES[event.kind]
        return tuple(found.topic_arn for found in enabled if wanted in found.matching_event_types)

    def _suppress(self, mail: Mail, recipients: tuple[str, ...], event: Event) -> None:
        """Put the recipients on the account's list; the configuration set names the reasons that count.

        https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list-config-level.html
        """
        reason = reason_of(event)
        reasons = self._ports.account().configuration_sets.get(
            mail.configuration_set or "", frozenset(Reason)
        )
        if reason is None or reason not in reasons:
            return
        for address in recipients:
            # "isn't placed on the Amazon SES suppression list, which would normally happen":
            # https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator
            if not is_simulator(address):
                feedback_id = event.detail["feedbackId"]
                self.suppression.add(Suppressed(address, reason, event.at, mail.id, feedback_id))


def _throttled() -> RefusedError:
    return RefusedError(429, "TooManyRequestsException", "Maximum sending rate exceeded.")
