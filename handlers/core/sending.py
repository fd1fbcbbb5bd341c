"""The send protocol: claim → one attempt → sent, released or unknown. Each step is one conditional write.

SES has no idempotency key: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
So whoever holds the claim may call SES once, and nobody else may until the outcome is known.
"""

from datetime import datetime, timedelta

from handlers.core import times
from handlers.core.change import Change
from handlers.core.delivery import lifts
from handlers.errors import (
    ContactFlowError,
    OutcomeUnknownError,
    OutcomeUnresolvedError,
    PermanentSendError,
    TransientSendError,
)
from schemas.record import MessageRecord, Status, TimelineEvent

#: 4xx codes that say "not now". A paused or exhausted account waits, and is in review when the retries end.
#: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
_NOT_NOW = frozenset(
    {
        "TooManyRequestsException",
        "LimitExceededException",
        "SendingPausedException",
        "Throttling",
        "ThrottlingException",
    }
)


def claim(message_id: str, token: str, now: datetime) -> Change:
    moment = times.iso(now)
    return Change(
        message_id,
        allowed=(Status.QUEUED,),
        sets={"status": Status.SENDING, "claim": token, "claimedAt": moment, "updatedAt": moment},
        increments={"attempts": 1},
        event=(f"sending-{token}", TimelineEvent(kind="sending", at=moment)),
    )


def without_claim(record: MessageRecord, deadline_seconds: int, now: datetime) -> Status:
    """What to do when the claim failed: nothing if it is settled elsewhere, and never send.

    Returns the status to report. Raises OutcomeUnknownError while an event may still tell whether SES has the
    mail, OutcomeUnresolvedError once that has taken too long.
    """
    if record.status not in (Status.SENDING, Status.OUTCOME_UNKNOWN):
        return record.status
    if now < times.parse(record.claimedAt) + timedelta(seconds=deadline_seconds):
        raise OutcomeUnknownError(record.messageId)
    raise OutcomeUnresolvedError(record.messageId)


def sent(message_id: str, token: str, ses_message_id: str, now: datetime) -> list[Change]:
    """The writes to try in turn: an event may have overtaken us, then only the id is still missing."""
    moment = times.iso(now)
    accepted = (f"accepted-by-ses-{token}", TimelineEvent(kind="accepted_by_ses", at=moment))
    return [
        Change(
            message_id,
            allowed=lifts(Status.SENT),
            equals={"claim": token},
            sets={
                "status": Status.SENT,
                "sesMessageId": ses_message_id,
                "sentAt": moment,
                "updatedAt": moment,
            },
            event=accepted,
        ),
        Change(
            message_id,
            allowed=tuple(Status),
            equals={"claim": token},
            sets={"sesMessageId": ses_message_id},
            event=accepted,
        ),
    ]


def failed(message_id: str, token: str, error: ContactFlowError, now: datetime) -> Change:
    """Release the claim if SES surely has nothing; keep the message out of reach if it may have."""
    moment = times.iso(now)
    status = {
        TransientSendError: Status.QUEUED,
        PermanentSendError: Status.QUEUED,
        OutcomeUnknownError: Status.OUTCOME_UNKNOWN,
    }[type(error)]
    kind = {Status.QUEUED: "not_accepted_by_ses", Status.OUTCOME_UNKNOWN: "outcome_unknown"}[status]
    return Change(
        message_id,
        allowed=(Status.SENDING,),
        equals={"claim": token},
        sets={"status": status, "updatedAt": moment, "reason": str(error)},
        event=(f"failed-{token}", TimelineEvent(kind=kind, at=moment, detail=str(error))),
    )


def judge(http_status: int, code: str) -> ContactFlowError:
    """What an error answer of SES proves. A 5xx proves nothing: it is not documented as "not accepted"."""
    if http_status == 429 or code in _NOT_NOW:  # noqa: PLR2004 - Too Many Requests
        return TransientSendError(code)
    if 400 <= http_status < 500:  # noqa: PLR2004 - the client's fault, so nothing was accepted
        return PermanentSendError(code)
    return OutcomeUnknownError(code)
