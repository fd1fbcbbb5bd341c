"""Alerts as AlertTopic puts them into WebhookQueue: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html."""

import json
from typing import Any

ALERT_ID = "63a3f6b6-d533-4a47-aef9-fcf5cf758c76"
#: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
ALARM = {
    "AlarmName": "contactflow-ReviewQueueDepthAlarm-1QT2",
    "AlarmDescription": "A message waits for a person.",
    "AWSAccountId": "123456789012",
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed: 1 datapoint [1.0] was greater than the threshold (0.0).",
    "StateChangeTime": "2026-11-25T03:00:00.000+0000",
    "OldStateValue": "OK",
}


def envelope(message: str, attributes: dict[str, str] | None = None, **changed: Any) -> str:
    document: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": ALERT_ID,
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:AlertTopic",
        "Subject": "ContactFlow: a message waits for review",
        "Message": message,
        "Timestamp": "2026-11-25T03:00:00.123Z",
        "SignatureVersion": "1",
        "Signature": "EXAMPLE",
        "SigningCertURL": "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-1.pem",
        "UnsubscribeURL": "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
    }
    if attributes:
        given = {name: {"Type": "String", "Value": value} for name, value in attributes.items()}
        document |= {"MessageAttributes": given}
    return json.dumps(document | changed)


def alarm(**changed: Any) -> str:
    return envelope(json.dumps(ALARM | changed))


def review(message_id: str = "m1", reason: str = "PermanentSendError") -> str:
    text = f"Message {message_id} waits in the review queue. Reason: {reason}. See docs/runbook.md."
    return envelope(text, {"kind": "review", "messageId": message_id, "reason": reason})
