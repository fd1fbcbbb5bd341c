"""The one DynamoDB item per message: its status, its timeline, and the submission until it expires."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from schemas.submission import UUID_PATTERN

MESSAGE_ID_PATTERN = r"[A-Za-z0-9-]{1,80}"
#: the ids that the status endpoint answers about: the page's, the gateway's, and a second content's under one of those
RECEIPT_ID_PATTERN = rf"{UUID_PATTERN}(?:-c[0-9a-f]{{8}})?"
MessageId = Annotated[str, Field(pattern=rf"^{MESSAGE_ID_PATTERN}$")]


class Status(StrEnum):
    """Where a message is. What the status endpoint answers is exactly one of these."""

    #: stored by us, its workflow started or about to
    QUEUED = "queued"
    #: one caller holds the claim and may be talking to SES
    SENDING = "sending"
    #: SES may or may not have accepted the mail; never resent by machine
    OUTCOME_UNKNOWN = "outcome_unknown"
    #: a person is looking at it
    REVIEW = "review"
    #: SES accepted the mail
    SENT = "sent"
    #: the recipient's server asked SES to try later; SES goes on trying
    DELAYED = "delayed"
    #: SES gave up on a transient bounce, or an automatic reply came back as one
    SOFT_BOUNCED = "soft_bounced"
    #: the recipient's mail server accepted the mail
    DELIVERED = "delivered"
    #: SES accepted the call but refused the content
    REJECTED = "rejected"
    #: the address is on the account's suppression list; SES did not try
    SUPPRESSED = "suppressed"
    #: the recipient's mail server refused the mail for good
    BOUNCED = "bounced"
    #: the recipient reported the mail as spam
    COMPLAINED = "complained"
    #: an operator closed it unsent
    DISCARDED = "discarded"


class TimelineEvent(BaseModel):
    """One entry of a message's story. `at` is when it happened, UTC with milliseconds."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)

    kind: str
    at: str
    detail: str = ""
    #: for an SES event: who the mail was for, as handlers.core.address.fingerprint
    to: str = ""


class MessageRecord(BaseModel):
    """The item `pk = MSG#<messageId>, sk = RECORD` as code reads it; times are UTC with milliseconds."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)

    messageId: MessageId
    status: Status
    acceptedAt: str
    updatedAt: str
    #: sha256 of what the visitor sent, without what a retry may change; empty once the item was forgotten
    contentHash: str
    #: what the visitor sent, as JSON; gone once the item was forgotten
    submission: str = ""
    #: the form that it was sent from, as the visitor's page named it
    form: str = ""
    #: which of the form's addresses the next or last attempt is for; empty: the owner's
    recipient: Literal["", "fallback"] = ""
    reason: str = ""
    attempts: int = 0
    #: how often an operator had it sent again; the execution is then named `<messageId>-r<replays>`
    replays: int = 0
    claim: str = ""
    claimedAt: str = ""
    sesMessageId: str = ""
    sentAt: str = ""
    settledAt: str = ""
    #: seconds since the epoch; DynamoDB deletes the item some time after
    expiresAt: int
    events: dict[str, TimelineEvent] = {}


def record_key(message_id: str) -> dict[str, Any]:
    """The item's primary key in DynamoDB's typed JSON."""
    return {"pk": {"S": f"MSG#{message_id}"}, "sk": {"S": "RECORD"}}
