"""ReviewQueue, where messages wait beside their records. Only this module receives from it.

What is received is hidden for a minute and given back at the end, also after Ctrl-C; a kill gives it back when the
minute is over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_HIDDEN_SECONDS = 60
# Of SQS's batch calls and of ReceiveMessage.
_BATCH = 10


@dataclass(frozen=True)
class Received:
    """A message of ReviewQueue; `source` is the queue that SQS moved it from, None if it was sent here."""

    sqs_id: str
    handle: str
    body: str
    attributes: dict[str, str]
    sent_at: datetime
    source: str | None


class ReviewQueue:
    """The queue at `url`. Nothing is lost by an end at any moment."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url
        self._held: dict[str, str] = {}

    @contextmanager
    def browsing(self) -> Iterator[Iterator[Received]]:
        """Each message once; those not deleted are visible again afterwards."""
        try:
            yield self._messages()
        finally:
            handles = list(self._held.values())
            self._held.clear()
            for start in range(0, len(handles), _BATCH):
                entries: Any = [
                    {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                    for number, handle in enumerate(handles[start : start + _BATCH])
                ]
                self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)

    def delete(self, message: Received) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=message.handle)
        self._held.pop(message.sqs_id, None)

    def _messages(self) -> Iterator[Received]:
        seen: set[str] = set()
        while True:
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=_BATCH,
                VisibilityTimeout=_HIDDEN_SECONDS,
                # Without waiting SQS asks only some of its servers, and so may say that there is nothing:
                # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
                WaitTimeSeconds=1,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            received = [_received(message) for message in answer.get("Messages", [])]
            self._held |= {message.sqs_id: message.handle for message in received}
            new = [message for message in received if message.sqs_id not in seen]
            if not new:
                return
            seen |= {message.sqs_id for message in new}
            yield from new


def _received(message: Any) -> Received:
    attributes = message.get("MessageAttributes", {})
    system = message["Attributes"]
    return Received(
        sqs_id=message["MessageId"],
        handle=message["ReceiptHandle"],
        body=message["Body"],
        attributes={name: value.get("StringValue", "") for name, value in attributes.items()},
        sent_at=datetime.fromtimestamp(int(system["SentTimestamp"]) / 1000, UTC),
        source=system.get("DeadLetterQueueSourceArn"),
    )
