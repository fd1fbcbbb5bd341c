"""A webhook as Standard Webhooks has it: https://www.standardwebhooks.com, specification 1.0.0."""

import base64
import hashlib
import hmac
import json
import zlib
from dataclasses import dataclass

from handlers.core.alert import Alert

#: Seconds after each failed try but the last: 15 tries in 24 hours. SQS hides a message for 12 hours at most:
#: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
WAITS = (5, 10, 60, 300, 600, 900, 1800, 3600, 3600, 7200, 10_800, 14_400, 18_000, 25_200)
TRIES = len(WAITS) + 1
#: A receiver may ask for more patience, but not for so much that the 24 hours would be over.
_MOST_ASKED = 3600
#: What Slack takes for markup: https://docs.slack.dev/messaging/formatting-message-text
_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True)
class Answer:
    """`problem` is empty if the receiver took it; `retry_after` in seconds, 0 if it did not say."""

    problem: str
    retry_after: int


def body(alert: Alert) -> bytes:
    """`text` is all that Slack reads, the rest is for programs."""
    document = {
        "type": f"contactflow.{alert.kind}",
        "timestamp": alert.at,
        "data": alert.data,
        "text": alert.text.translate(_SLACK),
    }
    return json.dumps(document, separators=(",", ":")).encode()


def headers(alert_id: str, timestamp: int, content: bytes, secrets: str) -> dict[str, str]:
    """`secrets`: one, or two with a space between them while one takes over from the other."""
    return {
        "content-type": "application/json",
        "user-agent": "ContactFlow",
        "webhook-id": alert_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            signature(secret, alert_id, timestamp, content) for secret in secrets.split(" ")
        ),
    }


def signature(secret: str, alert_id: str, timestamp: int, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{alert_id}.{timestamp}.".encode() + content
    return f"v1,{base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()}"


def wait(tries: int, alert_id: str, asked: int) -> int:
    """Seconds until the next try, after `tries` of them; `asked` by the receiver's Retry-After, 0 if it did not.

    Up to a tenth off, by the alert's id, so that what failed together does not come again together.
    """
    if tries >= TRIES:
        # The next receive moves it to the dead-letter queue; there is nothing to wait for.
        return 0
    off = zlib.crc32(f"{alert_id} {tries}".encode()) / 2**32 / 5 - 0.1
    return max(round(WAITS[tries - 1] * (1 + off)), min(asked, _MOST_ASKED))
