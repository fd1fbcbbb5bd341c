from typing import Any

from schemas.record import MessageRecord, Status, TimelineEvent

SUBMISSION = {"email": "ann@example.com", "subject": "Hello", "message": "Do you ship to Norway?"}


def record(status: Status = Status.QUEUED, **changed: Any) -> MessageRecord:
    fields: dict[str, Any] = {
        "messageId": "m1",
        "status": status,
        "acceptedAt": "2026-11-24T10:00:00.000Z",
        "updatedAt": "2026-11-24T10:00:00.000Z",
        "contentHash": "0" * 64,
        "submission": '{"email":"ann@example.com","subject":"Hello","message":"Do you ship to Norway?"}',
        "expiresAt": 1_800_000_000,
        "events": {"accepted": TimelineEvent(kind="accepted", at="2026-11-24T10:00:00.000Z")},
    }
    return MessageRecord.model_validate(fields | changed)
