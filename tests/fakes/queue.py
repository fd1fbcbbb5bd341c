import threading
from collections.abc import Sequence

from ops.local.batches import Message
from ops.local.functions import Invocation

ARN = "arn:aws:sqs:us-east-1:123456789012:intake"


def message(number: int, body: str = "body") -> Message:
    return Message(
        message_id=f"id-{number}",
        receipt_handle=f"handle-{number}",
        body=body,
        md5_of_body="841a2d689ad86bd1611447453c22c6fc",
        attributes={"ApproximateReceiveCount": "1"},
        message_attributes={},
        md5_of_message_attributes="",
    )


class FakeQueue:
    """Hands out each message once, as a queue with a long visibility timeout does."""

    arn = ARN
    visibility_timeout = 30

    def __init__(self, messages: Sequence[Message]) -> None:
        self._waiting = list(messages)
        self._changed = threading.Condition()
        self.deleted: list[str] = []
        self.asked: list[int] = []

    def send(self, sent: Message) -> None:
        with self._changed:
            self._waiting.append(sent)
            self._changed.notify_all()

    def receive(self, maximum: int, wait: float) -> list[Message]:
        with self._changed:
            self.asked.append(maximum)
            # A long poll may end early; this one does, so that a test need not wait for it.
            self._changed.wait_for(lambda: self._waiting, min(wait, 0.05))
            taken, self._waiting = self._waiting[:maximum], self._waiting[maximum:]
            return taken

    def delete(self, receipt_handles: Sequence[str]) -> None:
        with self._changed:
            self.deleted += receipt_handles


class FakeFunction:
    """Records every payload and answers the same each time; an exception is raised."""

    def __init__(self, answer: Invocation | Exception) -> None:
        self._answer = answer
        self._changed = threading.Condition()
        self.payloads: list[bytes] = []
        self.waits: list[float] = []

    def invoke(self, payload: bytes, wait: float) -> Invocation:
        with self._changed:
            self.payloads.append(payload)
            self.waits.append(wait)
            self._changed.notify_all()
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def wait_for(self, payloads: int, seconds: float) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.payloads) >= payloads, seconds)
