"""SES: one call a mail, and what its answer proves."""

from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError

from handlers.aws.clients import ses
from handlers.core import sending
from handlers.core.mail import Mail
from handlers.errors import OutcomeUnknownError, TransientSendError


def send_mail(mail: Mail) -> str:
    """Ask SES once; return its id. Raise TransientSendError, PermanentSendError or OutcomeUnknownError."""
    body: dict[str, Any] = {"Text": {"Data": mail.text, "Charset": "UTF-8"}}
    if mail.html:
        body["Html"] = {"Data": mail.html, "Charset": "UTF-8"}
    subject: Any = {"Data": mail.subject, "Charset": "UTF-8"}
    try:
        answer = ses().send_email(
            FromEmailAddress=mail.sender,
            Destination={"ToAddresses": [mail.recipient]},
            ReplyToAddresses=[mail.reply_to] if mail.reply_to else [],
            Content={"Simple": {"Subject": subject, "Body": cast("Any", body)}},
            ConfigurationSetName=mail.configuration_set,
            EmailTags=[{"Name": name, "Value": value} for name, value in mail.tags.items()],
        )
    except ClientError as error:
        raise sending.judge(
            error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
        ) from None
    except (EndpointConnectionError, ConnectTimeoutError) as error:
        # No connection, so no request left this process.
        raise TransientSendError(type(error).__name__) from None
    except (BotoCoreError, ResponseParserError) as error:
        raise OutcomeUnknownError(type(error).__name__) from None
    # A connection cut within the answer's body reaches us as a success without its fields.
    message_id = answer.get("MessageId")
    if not message_id:
        raise OutcomeUnknownError("NoMessageId")
    return message_id
