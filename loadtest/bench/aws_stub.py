"""An AWS endpoint that answers at once, so that a cold start is the function's own time."""

import json
from typing import Any

from tests.fakes.aws_endpoint import Received, Reply

NOW = "2026-11-24T10:00:00.000Z"
RECORD = {
    "messageId": {"S": "m1"},
    "status": {"S": "sending"},
    "acceptedAt": {"S": NOW},
    "updatedAt": {"S": NOW},
    "contentHash": {"S": "0" * 64},
    "expiresAt": {"N": "1800000000"},
    "submission": {"S": '{"email":"ann@example.com","subject":"Hello","message":"Do you ship to Norway?"}'},
}
_ANSWERS: dict[str, Any] = {
    "DynamoDB_20120810.PutItem": {},
    "DynamoDB_20120810.UpdateItem": {"Attributes": RECORD},
    "AWSStepFunctions.StartExecution": {
        "executionArn": "arn:aws:states:us-east-1:1:execution:d:m1",
        "startDate": 1.0,
    },
    "": {"MessageId": "ses-1"},
}


def reply(received: Received) -> Reply:
    answer = _ANSWERS[received.headers.get("x-amz-target", "")]
    return Reply(200, json.dumps(answer).encode(), {"content-type": "application/x-amz-json-1.0"})
