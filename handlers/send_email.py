"""SendEmail: claim the message → ask SES once → write down what came of it."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from handlers import aws, clock
from handlers.core import mail, routing, sending
from handlers.core.delivery import ACCEPTED_BY_SES
from handlers.errors import (
    ConditionFailedError,
    ContactFlowError,
    OutcomeUnknownError,
    PermanentSendError,
    RecordUnavailableError,
    TransientSendError,
)
from handlers.ports import Clock, Cloud, first_change
from handlers.settings import SendEmailSettings, load
from handlers.telemetry import count, reported
from schemas.record import MessageRecord
from schemas.submission import Submission
from schemas.workflow import SendTask


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    task = SendTask.model_validate(event)
    sender = Sender(load(SendEmailSettings), aws, clock)
    return {"status": sender.send(task.messageId, context.aws_request_id)}


@dataclass(frozen=True)
class Sender:
    """The send protocol of handlers/core/sending.py, carried out."""

    settings: SendEmailSettings
    cloud: Cloud
    clock: Clock

    def send(self, message_id: str, token: str) -> str:
        """Return the status. Raises the errors that the state machine decides by."""
        claim = sending.claim(message_id, token, self.clock.now())
        try:
            record = self.cloud.change_record(self.settings.MESSAGES_TABLE, claim)
        except ConditionFailedError as refused:
            if refused.record is None:
                raise RecordUnavailableError(message_id) from None
            record = refused.record
            if record.claim != token:
                deadline = self.settings.OUTCOME_DEADLINE_SECONDS
                return sending.without_claim(record, deadline, self.clock.now())
            # The SDK repeated a claim whose answer got lost; the claim in the way is ours.
            count("claim_repeated", messageId=message_id)
        return self._send(record, token)

    def _send(self, record: MessageRecord, token: str) -> str:
        try:
            ses_message_id = self.cloud.send_mail(self._mail(record))
        except (TransientSendError, PermanentSendError, OutcomeUnknownError) as error:
            count(type(error).__name__, messageId=record.messageId, code=str(error))
            return self._failed(record, token, error)
        count("sent", messageId=record.messageId)
        changes = sending.sent(record.messageId, token, ses_message_id, self.clock.now())
        try:
            return first_change(self.cloud, self.settings.MESSAGES_TABLE, changes).status
        except ConditionFailedError as told_already:
            # The SDK repeated a write whose answer got lost, or the record was forgotten meanwhile.
            return told_already.record.status if told_already.record else "forgotten"

    def _failed(self, record: MessageRecord, token: str, error: ContactFlowError) -> str:
        """Write the failure down and raise it, unless an event has told meanwhile that SES has the mail."""
        failure = sending.failed(record.messageId, token, error, self.clock.now())
        try:
            self.cloud.change_record(self.settings.MESSAGES_TABLE, failure)
        except ConditionFailedError as overtaken:
            if overtaken.record and overtaken.record.status in ACCEPTED_BY_SES:
                return overtaken.record.status
        raise error

    def _mail(self, record: MessageRecord) -> mail.Mail:
        try:
            submission = Submission.model_validate_json(record.submission)
        except ValidationError:
            raise PermanentSendError("NotASubmission") from None
        return mail.owner_mail(
            submission,
            record.messageId,
            record.replays,
            sender=self.settings.SENDER_ADDRESS,
            recipient=routing.recipient(self.settings.FORMS, record, self.settings.OWNER_ADDRESS),
            configuration_set=self.settings.CONFIGURATION_SET,
            language=routing.language(self.settings.FORMS, record.form),
        )
