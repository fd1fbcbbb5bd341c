"""A batch of SQS messages as the event that Lambda makes of it, and what the answer says of each message."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """A received SQS message; attributes as ReceiveMessage spells them, a BinaryValue in base64."""

    message_id: str
    receipt_handle: str
    body: str
    md5_of_body: str
    attributes: Mapping[str, str]
    message_attributes: Mapping[str, Mapping[str, Any]]
    md5_of_message_attributes: str


def batch_item_failures(response: bytes, message_ids: Collection[str]) -> Collection[str]:
    """The ids that a response reports as failed: all of them unless the response is well formed.

    A null or empty response, or list, is success; JSON that cannot be read, and an identifier that is
    missing, null, empty or of no message in the batch, fails the batch:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
    A response of another type (a string, say) is not documented; failing it loses no message.
    """
    try:
        document = json.loads(response)
    except ValueError:
        return message_ids
    if document is None:
        return ()
    failures = document.get("batchItemFailures") or [] if isinstance(document, dict) else None
    if not isinstance(failures, list):
        return message_ids
    failed = set()
    for item in failures:
        identifier = item.get("itemIdentifier") if isinstance(item, dict) else None
        if not isinstance(identifier, str) or identifier not in message_ids:
            return message_ids
        failed.add(identifier)
    return failed


def sqs_event(batch: Sequence[Message], queue_arn: str) -> bytes:
    """The event as Lambda builds it.

    https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
    """
    return json.dumps({"Records": [_record(message, queue_arn) for message in batch]}).encode()


def _record(message: Message, queue_arn: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "messageId": message.message_id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": message.attributes,
        "messageAttributes": {
            name: _message_attribute(value) for name, value in message.message_attributes.items()
        },
        "md5OfBody": message.md5_of_body,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": queue_arn.split(":")[3],
    }
    if message.message_attributes:
        record["md5OfMessageAttributes"] = message.md5_of_message_attributes
    return record


def _message_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    """Both kinds of value in Lambda's spelling; the lists are always there and never used."""
    attribute: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = value["BinaryValue"]
    return attribute
