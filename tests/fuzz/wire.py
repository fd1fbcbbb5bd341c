"""handlers.aws on a wire of its own: botocore makes each request, and this answers instead of the network.

`before-send` is botocore's place for that: https://botocore.amazonaws.com/v1/documentation/api/latest/topics/events.html
"""

import json
from dataclasses import dataclass, field
from typing import Any, cast

from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.compat import HTTPHeaders

from handlers.aws.table import to_dynamodb
from schemas.record import MessageRecord
from tests.fakes.aws_clients import CLIENTS

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "MESSAGES_TABLE": "messages",
    "DELIVERY_STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:delivery",
    "REVIEW_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/123456789012/review",
    "RETENTION_DAYS": "30",
    "SES_SEND_RATE": "1000000000",
    "STARTER_CONCURRENCY": "1",
    "ACKNOWLEDGEMENT": "off",
    "OUTCOME_DEADLINE_SECONDS": "900",
    "EVENT_DEADLINE_SECONDS": "86400",
    "REQUIRE_PROOF_OF_WORK": "false",
    "MINIMUM_FILL_MILLISECONDS": "3000",
    "ALLOWED_ORIGIN": "https://example.com",
    "FORMS": "",
    "CONTENT_SCORE_LIMIT": "3",
    "ADDRESS_DAILY_CAP": "5",
    "RECIPIENT_DAILY_CAP": "200",
    "OWNER_ADDRESS": "owner@example.com",
    "SENDER_ADDRESS": "noreply@example.com",
    "CONFIGURATION_SET": "contactflow",
    "ACKNOWLEDGEMENT_CONFIGURATION_SET": "contactflow-ack",
    "SENDING_ACCOUNT_ID": "123456789012",
    "ALERT_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:alert",
}


class _Raw:
    """What AWSResponse wants of an HTTP library's response."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Any:
        yield self._content


@dataclass
class Wire:
    #: what GetItem and UpdateItem find
    record: MessageRecord
    calls: dict[str, int] = field(default_factory=dict)

    def connect(self) -> None:
        for client in CLIENTS:
            # Its type has no place for the answer that botocore takes from a handler of this event.
            client().meta.events.register("before-send.*.*", cast("Any", self._answer))

    def _answer(self, request: AWSRequest, event_name: str = "", **_: Any) -> AWSResponse:
        operation = event_name.rsplit(".", 1)[-1]
        self.calls[operation] = self.calls.get(operation, 0) + 1
        item = {key: to_dynamodb(value) for key, value in self.record.model_dump(mode="json").items()}
        answers: dict[str, Any] = {
            "GetItem": {"Item": item},
            "UpdateItem": {"Attributes": item},
            "StartExecution": {"executionArn": "arn", "startDate": 1},
            "SendMessage": {"MessageId": "1"},
            "SendEmail": {"MessageId": "ses-1"},
        }
        content = json.dumps(answers.get(operation, {})).encode()
        if operation == "Publish":
            content = (
                b"<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"
            )
        return AWSResponse(str(request.url), 200, HTTPHeaders(), _Raw(content))
