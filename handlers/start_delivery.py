"""IntakeQueue → one record and one execution per message. What cannot be delivered is held for a person."""

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import aws, clock
from handlers.core import acceptance, intake
from handlers.core.intake import Accepted, Redriven
from handlers.core.pacing import Pacer
from handlers.core.screening import Rules
from handlers.settings import StartDeliverySettings, load
from handlers.telemetry import count, count_failed, reported
from schemas.intake import IntakeAttributes
from schemas.record import MessageRecord, Status

# A record fails alone: raising for a batch of one would count as a function error.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)
_pacers: dict[float, Pacer] = {}


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    answer = process_partial_response(event, start, _processor, context)
    count_failed(_processor)
    return answer


def start(record: SQSRecord) -> None:
    """Read → put the record → start the execution. Raises what SQS should deliver again for."""
    settings = load(StartDeliverySettings)
    attributes = IntakeAttributes.model_validate(
        {name: value.string_value or "" for name, value in record.message_attributes.items()}
    )
    match intake.read(record.body, attributes, _rules(settings), clock.now()):
        case Redriven(message_id):
            _redrive(settings, message_id)
        case Accepted() as accepted:
            _accept(settings, accepted)


def _rules(settings: StartDeliverySettings) -> Rules:
    return Rules(
        minimum_fill_milliseconds=settings.MINIMUM_FILL_MILLISECONDS,
        require_proof_of_work=settings.REQUIRE_PROOF_OF_WORK,
        allowed_origin=settings.ALLOWED_ORIGIN,
    )


def _accept(settings: StartDeliverySettings, accepted: Accepted) -> None:
    record = acceptance.record(accepted, settings.RETENTION_DAYS, clock.now())
    try:
        aws.put_record(settings.MESSAGES_TABLE, record)
    except aws.ConditionFailedError as there:
        if there.record and there.record.contentHash != record.contentHash:
            record = _keep_second(settings, record)
        else:
            record = there.record or record
            count("duplicate", messageId=record.messageId)
    _go_on(settings, record)


def _keep_second(settings: StartDeliverySettings, record: MessageRecord) -> MessageRecord:
    """Another content under an id already taken: both are kept, under two ids."""
    second = record.model_copy(update={"messageId": intake.second_id(record.messageId, record.contentHash)})
    try:
        aws.put_record(settings.MESSAGES_TABLE, second)
    except aws.ConditionFailedError as there:
        return there.record or second
    count("id_reused", messageId=second.messageId)
    return second


def _redrive(settings: StartDeliverySettings, message_id: str) -> None:
    held = aws.get_record(settings.MESSAGES_TABLE, message_id)
    if held is None:
        count("redriven_unknown", messageId=message_id)
        return
    if held.status is Status.REVIEW:
        try:
            held = aws.change_record(settings.MESSAGES_TABLE, acceptance.redrive(held, clock.now()))
        except aws.ConditionFailedError as other:
            held = other.record or held
    _go_on(settings, held)


def _go_on(settings: StartDeliverySettings, record: MessageRecord) -> None:
    """Do what the record says. Repeating it is harmless: a crash before this is mended by redelivery."""
    if record.status is Status.REVIEW:
        aws.queue_review(
            settings.REVIEW_QUEUE_URL, acceptance.review_message(record.messageId, record.reason)
        )
        count("held", messageId=record.messageId, reason=record.reason)
    if record.status is not Status.QUEUED:
        return
    clock.sleep(_pacer(settings).wait(clock.monotonic()))
    started = aws.start_execution(
        settings.DELIVERY_STATE_MACHINE_ARN,
        acceptance.execution_name(record.messageId, record.replays),
        acceptance.workflow_input(
            record.messageId,
            settings.OUTCOME_DEADLINE_SECONDS,
            acknowledge=settings.ACKNOWLEDGEMENT == "on",
        ),
    )
    count("started" if started else "already_started", messageId=record.messageId)


def _pacer(settings: StartDeliverySettings) -> Pacer:
    interval = settings.STARTER_CONCURRENCY / settings.SES_SEND_RATE
    return _pacers.setdefault(interval, Pacer(interval))
