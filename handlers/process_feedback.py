"""EventsQueue → one conditional write per SES event: the message's status rises, its timeline grows."""

from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import aws, clock
from handlers.core import delivery, feedback, times
from handlers.core.feedback import NotOurs, Ours, Senders
from handlers.settings import ProcessFeedbackSettings, load
from handlers.telemetry import count, count_failed, reported

# A record fails alone: raising for a batch of one would count as a function error.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    answer = process_partial_response(event, apply, _processor, context)
    count_failed(_processor)
    return answer


def apply(record: SQSRecord) -> None:
    settings = load(ProcessFeedbackSettings)
    senders = Senders(
        settings.SENDING_ACCOUNT_ID, settings.CONFIGURATION_SET, settings.ACKNOWLEDGEMENT_CONFIGURATION_SET
    )
    match feedback.read(record.body, senders):
        case NotOurs(reason):
            count("event_ignored", reason=reason)
        case Ours() as told:
            _write(settings, told)


def _write(settings: ProcessFeedbackSettings, told: Ours) -> None:
    changes = delivery.changes(told.event, told.message_id, told.replay, times.iso(clock.now()))
    try:
        status = aws.first_change(settings.MESSAGES_TABLE, changes).status
    except aws.ConditionFailedError as refused:
        known = refused.record is not None and delivery.outcome(told.event).key in refused.record.events
        count("event_ignored", reason="duplicate" if known else "no_such_send", messageId=told.message_id)
        if not known:
            return
    else:
        count("event_applied", messageId=told.message_id, kind=told.event.kind, status=status)
    # After a duplicate too: the first delivery of this event may have crashed before the alert went out.
    _alert(settings, told)


def _alert(settings: ProcessFeedbackSettings, told: Ours) -> None:
    """Tell the operator once a day that the owner's address fails; no mail can say so any more."""
    cause = feedback.owner_unreachable(told.event)
    if cause is None:
        return
    now = clock.now()
    key = f"ALERT#owner-unreachable#{now:%Y-%m-%d}"
    if aws.has_marker(settings.MESSAGES_TABLE, key):
        return
    aws.publish(
        settings.ALERT_TOPIC_ARN,
        "ContactFlow: the owner's address does not take mail",
        f"Mail to the owner's address failed: {cause}. First seen on message {told.message_id}. "
        "Messages stay recoverable: see docs/runbook.md.",
    )
    aws.put_marker(settings.MESSAGES_TABLE, key, int((now + timedelta(days=2)).timestamp()))
    count("owner_unreachable", messageId=told.message_id)
