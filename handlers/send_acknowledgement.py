"""SendAcknowledgement: tell the visitor in fixed words that the message arrived, once an address a day."""

import hashlib
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import aws, clock
from handlers.core import mail, routing
from handlers.errors import RecordUnavailableError
from handlers.settings import SendAcknowledgementSettings, load
from handlers.telemetry import count, reported
from schemas.submission import Submission
from schemas.workflow import SendTask


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:  # noqa: ARG001 - Lambda's signature
    task = SendTask.model_validate(event)
    settings = load(SendAcknowledgementSettings)
    record = aws.get_record(settings.MESSAGES_TABLE, task.messageId)
    if record is None:
        raise RecordUnavailableError(task.messageId)
    address = Submission.model_validate_json(record.submission).email
    now = clock.now()
    key = f"ACK#{hashlib.sha256(address.lower().encode()).hexdigest()}#{now:%Y-%m-%d}"
    # Marked before it is sent: a crash in between costs one courtesy mail, the other order could send two.
    if not aws.put_marker(settings.MESSAGES_TABLE, key, int((now + timedelta(days=2)).timestamp())):
        count("acknowledgement_skipped", messageId=task.messageId)
        return {"status": "skipped"}
    aws.send_mail(
        mail.acknowledgement(
            task.messageId,
            sender=settings.SENDER_ADDRESS,
            recipient=address,
            configuration_set=settings.ACKNOWLEDGEMENT_CONFIGURATION_SET,
            language=routing.language(settings.FORMS, record.form),
        )
    )
    count("acknowledged", messageId=task.messageId)
    return {"status": "sent"}
