"""SendEmail: claim the message → ask SES once → write down what came of it."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from handlers import aws, clock
from handlers.core import mail, sending
from handlers.core.delivery import ACCEPTED_BY_SES
from handlers.errors import (
    ContactFlowError,
    OutcomeUnknownError,
    PermanentSendError,
    RecordUnavailableError,
    TransientSendError,
)
from handlers.settings import SendEmailSettings, load
from handlers.telemetry import count, reported
from schemas.record import MessageRecord
from schemas.submission import Submission
from schemas.workflow import SendTask


@reported
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
        return _failed(settings, record, token, error)
    count("sent", messageId=record.messageId)
    changes = sending.sent(record.messageId, token, ses_message_id, clock.now())
    try:
        return aws.first_change(settings.MESSAGES_TABLE, changes).status
    except aws.ConditionFailedError as told_already:
        # The SDK repeated a write whose answer got lost, or the record was forgotten meanwhile.
        return told_already.record.status if told_already.record else "forgotten"


def _failed(settings: SendEmailSettings, record: MessageRecord, token: str, error: ContactFlowError) -> str:
    """Write the failure down and raise it, unless an event has told meanwhile that SES has the mail."""
    try:
        aws.change_record(
            settings.MESSAGES_TABLE, sending.failed(record.messageId, token, error, clock.now())
        )
    except aws.ConditionFailedError as overtaken:
        if overtaken.record and overtaken.record.status in ACCEPTED_BY_SES:
            return overtaken.record.status
    raise error


def _mail(settings: SendEmailSettings, record: MessageRecord) -> mail.Mail:
    try:
        submission = Submission.model_validate_json(record.submission)
    except ValidationError:
        raise PermanentSendError("NotASubmission") from None
    return mail.owner_mail(
        submission,
        record.messageId,
        record.replays,
        sender=settings.SENDER_ADDRESS,
        recipient=settings.OWNER_ADDRESS,
        configuration_set=settings.CONFIGURATION_SET,
    )
