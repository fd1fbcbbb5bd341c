"""Proves the way of an event: a synthetic Delivery on the topic must change a synthetic record, which then goes."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from handlers import clock
from handlers.core import times
from ops.review.workbench import Workbench
from schemas.record import MessageRecord, Status, TimelineEvent

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.2


def event_path(bench: Workbench) -> float | None:
    """Seconds from the topic to the table; None if the event did not arrive within 30."""
    probe = _record(clock.now())
    bench.table.put(probe)
    try:
        start = clock.monotonic()
        bench.deployment.client("sns").publish(
            TopicArn=bench.deployment.outputs["FeedbackTopicArn"],
            Message=json.dumps(_event(probe, bench.deployment.outputs)),
        )
        while clock.monotonic() - start < _PATIENCE_SECONDS:
            there = bench.table.get(probe.messageId)
            if there and there.status is Status.DELIVERED:
                return clock.monotonic() - start
            clock.sleep(_PAUSE_SECONDS)
        return None
    finally:
        bench.table.delete(probe.messageId)


def _record(now: datetime) -> MessageRecord:
    """Sent, as a message is that waits for its Delivery; it expires by itself should the deletion fail."""
    moment = times.iso(now)
    return MessageRecord(
        messageId=f"doctor-{uuid.uuid4()}",
        status=Status.SENT,
        acceptedAt=moment,
        updatedAt=moment,
        sentAt=moment,
        contentHash="0" * 64,
        sesMessageId=str(uuid.uuid4()),
        expiresAt=int((now + timedelta(hours=1)).timestamp()),
        events={"accepted": TimelineEvent(kind="accepted", at=moment, detail="contactflow doctor")},
    )


def _event(probe: MessageRecord, outputs: dict[str, str]) -> dict[str, Any]:
    # https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
    return {
        "eventType": "Delivery",
        "mail": {
            "timestamp": probe.sentAt,
            "messageId": probe.sesMessageId,
            "sendingAccountId": outputs["ReviewQueueArn"].split(":")[4],
            "destination": [outputs["OwnerAddress"]],
            "tags": {
                "ses:configuration-set": [outputs["ConfigurationSetName"]],
                "messageId": [probe.messageId],
                "kind": ["submission"],
                "replay": [str(probe.replays)],
            },
        },
        "delivery": {"timestamp": probe.sentAt, "smtpResponse": "250 contactflow doctor"},
    }
