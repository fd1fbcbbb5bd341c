"""What start_delivery writes: the record of an accepted message, and its way back out of review."""

import re
from datetime import datetime, timedelta

from handlers.core import times
from handlers.core.change import Change
from handlers.core.intake import Accepted
from schemas.record import MessageRecord, Status, TimelineEvent
from schemas.workflow import ReviewMessage, WorkflowInput


def record(accepted: Accepted, retention_days: int, now: datetime) -> MessageRecord:
    """The item to put if there is none yet. A held message starts in review, every other one in queued."""
    accepted_at, recorded_at = times.iso(accepted.accepted_at), times.iso(now)
    story = {"accepted": TimelineEvent(kind="accepted", at=accepted_at)}
    if accepted.hold_reason:
        story["review"] = TimelineEvent(kind="review", at=recorded_at, detail=accepted.hold_reason)
    else:
        story["queued"] = TimelineEvent(kind="queued", at=recorded_at)
    return MessageRecord(
        messageId=accepted.message_id,
        status=Status.REVIEW if accepted.hold_reason else Status.QUEUED,
        acceptedAt=accepted_at,
        updatedAt=recorded_at,
        contentHash=accepted.content_hash,
        submission=accepted.body,
        form=accepted.form,
        reason=accepted.hold_reason or "",
        expiresAt=int((now + timedelta(days=retention_days)).timestamp()),
        events=story,
    )


def review_message(message_id: str, reason: str) -> ReviewMessage:
    return ReviewMessage(messageId=message_id, reason=reason)


def workflow_input(message_id: str, outcome_deadline_seconds: int, *, acknowledge: bool) -> WorkflowInput:
    return WorkflowInput(
        messageId=message_id, outcomeDeadlineSeconds=outcome_deadline_seconds, acknowledge=acknowledge
    )


def execution_name(message_id: str, replays: int) -> str:
    """A closed execution's name stays taken for 90 days, so a replay gets a name of its own.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    return f"{message_id}-r{replays}" if replays else message_id


def message_of(execution: str) -> str:
    """The id within an execution's name; EventBridge tells of a failed execution by its name only."""
    return re.sub(r"-r[0-9]+$", "", execution)


def redrive(held: MessageRecord, now: datetime) -> Change:
    """Out of review and into the queue again, once per review: the replay number is the guard."""
    moment = times.iso(now)
    replay = held.replays + 1
    return Change(
        held.messageId,
        allowed=(Status.REVIEW,),
        equals={"replays": held.replays},
        sets={"status": Status.QUEUED, "replays": replay, "updatedAt": moment, "reason": ""},
        removes=("sesMessageId", "claim", "claimedAt", "sentAt", "settledAt"),
        event=(f"redrive-{replay}", TimelineEvent(kind="redrive", at=moment)),
    )
