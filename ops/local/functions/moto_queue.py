"""A queue of moto's, as an event source mapping wants it; straight on the backend, without HTTP."""

from collections.abc import Sequence
from typing import Any

from moto.sqs.models import sqs_backends

from ops.local.batches import Message


class MotoQueue:
    """Every read goes to the queue itself, so that a changed attribute counts at once."""

    def __init__(self, arn: str) -> None:
        _, _, _, region, account, self._name = arn.split(":")
        self._backend = sqs_backends[account][region]
        self.arn = arn

    @property
    def visibility_timeout(self) -> int:
        return int(self._backend.get_queue(self._name).visibility_timeout)

    def receive(self, maximum: int, wait: float) -> list[Message]:
        received = self._backend.receive_message(self._name, maximum, wait, self.visibility_timeout, ["All"])
        return [_message(message) for message in received]

    def delete(self, receipt_handles: Sequence[str]) -> None:
        for receipt_handle in receipt_handles:
            self._backend.delete_message(self._name, receipt_handle)


def _message(received: Any) -> Message:
    return Message(
        message_id=received.id,
        receipt_handle=received.receipt_handle,
        body=received.body,
        md5_of_body=received.body_md5,
        attributes=_attributes(received),
        message_attributes=received.message_attributes,
        md5_of_message_attributes=received.attribute_md5,
    )


def _attributes(received: Any) -> dict[str, str]:
    attributes = {
        "ApproximateReceiveCount": str(received.approximate_receive_count),
        "SentTimestamp": str(received.sent_timestamp),
        "SenderId": received.sender_id,
        "ApproximateFirstReceiveTimestamp": str(received.approximate_first_receive_timestamp),
    }
    # Only a message that a redrive policy has moved carries it.
    source = getattr(received, "dead_letter_source_arn", None)
    if source is not None:
        attributes["DeadLetterQueueSourceArn"] = source
    return attributes
