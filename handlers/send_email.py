"""SendEmail: claim the message → ask SES once → write down what came of it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from handlers import aws, clock
from handlers.core import mail, sending
from handlers.errors import (
    OutcomeUnknownError,
    PermanentSendError,
    RecordUnavailableError,
    TransientSendError,
)
from handlers.settings import SendEmailSettings, load
from handlers.telemetry import count, metrics
from schemas.record import MessageRecord
from schemas.submission import Submission
from schemas.workflow import SendTask


@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    task = SendTask.model_validate(event)
    settings = load(SendEmailSettings)
    token = context.aws_request_id
    try:
        record = aws.change_record(settings.MESSAGES_TABLE, sending.claim(task.messageId, token, clock.now()))
    except aws.ConditionFailedError as refused:
        record = _own_claim(refused, task.messageId, token)
        if record.claim != token:
            return {"status": sending.without_claim(record, settings.OUTCOME_DEADLINE_SECONDS, clock.now())}
    return {"status": _send(settings, record, token)}


def _own_claim(refused: aws.ConditionFailedError, message_id: str, token: str) -> MessageRecord:
    """The SDK may have repeated a claim whose answer got lost; then the claim that is in the way is ours."""
    if refused.record is None:
        raise RecordUnavailableError(message_id)
    if refused.record.claim == token:
        count("claim_repeated", messageId=message_id)
    return refused.record


def _send(settings: SendEmailSettings, record: MessageRecord, token: str) -> str:
    try:
        ses_message_id = aws.send_mail(_mail(settings, record))
    except (TransientSendError, PermanentSendError, OutcomeUnknownError) as error:
        count(type(error).__name__, messageId=record.messageId, code=str(error))
        aws.change_record(
            settings.MESSAGES_TABLE, sending.failed(record.messageId, token, error, clock.now())
        )
        raise
    changes = sending.sent(record.messageId, token, ses_message_id, clock.now())
    status = aws.first_change(settings.MESSAGES_TABLE, changes).status
    count("sent", messageId=record.messageId)
    return status


def _mail(settings: SendEmailSettings, record: MessageRecord) -> mail.Mail:
    try:
        submission = Submission.model_validate_json(record.submission)
    except ValidationError:
        # Held as unreadable, then redriven: a mail cannot be made of it. A person has seen it and must answer.
        raise PermanentSendError("NotASubmission") from None
    return mail.owner_mail(
        submission,
        record.messageId,
        record.replays,
        sender=settings.SENDER_ADDRESS,
        recipient=settings.OWNER_ADDRESS,
        configuration_set=settings.CONFIGURATION_SET,
    )
