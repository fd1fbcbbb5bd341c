"""EventsQueue → one conditional write per SES event: the message's status rises, its timeline grows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import aws, batch, clock
from handlers.core import delivery, feedback, routing, times
from handlers.core.address import fingerprint
from handlers.core.feedback import NotOurs, Ours, Senders
from handlers.errors import ConditionFailedError
from handlers.ports import Clock, Cloud, first_change
from handlers.settings import ProcessFeedbackSettings, load
from handlers.telemetry import count, reported


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return batch.each(event, _process, context)


def _process(record: SQSRecord) -> None:
    Follower(load(ProcessFeedbackSettings), aws, clock).follow(record.body)


@dataclass(frozen=True)
class Follower:
    """Follows what SES says of our mails. Raises what SQS should deliver again for."""

    settings: ProcessFeedbackSettings
    cloud: Cloud
    clock: Clock

    def follow(self, body: str) -> None:
        senders = Senders(
            self.settings.SENDING_ACCOUNT_ID,
            self.settings.CONFIGURATION_SET,
            self.settings.ACKNOWLEDGEMENT_CONFIGURATION_SET,
        )
        match feedback.read(body, senders):
            case NotOurs(reason):
                count("event_ignored", reason=reason)
            case Ours() as told:
                self._write(told)

    def _write(self, told: Ours) -> None:
        now = times.iso(self.clock.now())
        changes = delivery.changes(told.event, told.message_id, told.replay, now)
        try:
            status = first_change(self.cloud, self.settings.MESSAGES_TABLE, changes).status
        except ConditionFailedError as refused:
            known = refused.record is not None and delivery.outcome(told.event).key in refused.record.events
            count("event_ignored", reason="duplicate" if known else "no_such_send", messageId=told.message_id)
            if not known:
                return
        else:
            count("event_applied", messageId=told.message_id, kind=told.event.kind, status=status)
        # After a duplicate too: the first delivery of this event may have crashed before the alert went out.
        self._alert(told)

    def _alert(self, told: Ours) -> None:
        """Tell the operator, once a day and address, that it takes no mail; no mail can say so any more."""
        cause = feedback.owner_unreachable(told.event)
        if cause is None:
            return
        now = self.clock.now()
        address = next(iter(told.event.mail.destination), "")
        key = f"ALERT#owner-unreachable#{fingerprint(address)}#{now:%Y-%m-%d}"
        if self.cloud.has_marker(self.settings.MESSAGES_TABLE, key):
            return
        self.cloud.publish(
            self.settings.ALERT_TOPIC_ARN,
            "ContactFlow: the owner's address does not take mail",
            f"Mail to {routing.whose(self.settings.FORMS, address)} failed: {cause}. "
            f"First seen on message {told.message_id}. Messages stay recoverable: see docs/runbook.md.",
            {"kind": "owner_unreachable", "messageId": told.message_id, "reason": cause},
        )
        expires_at = int((now + timedelta(days=2)).timestamp())
        self.cloud.put_marker(self.settings.MESSAGES_TABLE, key, expires_at)
        count("owner_unreachable", messageId=told.message_id)
