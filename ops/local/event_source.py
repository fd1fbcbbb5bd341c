"""Lambda's event source mapping for an SQS queue: pollers that turn messages into invocations.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from ops.local.batches import Message, batch_item_failures, sqs_event
from ops.local.functions import Invocation, TooManyRequestsError
from ops.local.functions.invocation import REQUEST_LIMIT

# What one ReceiveMessage may return:
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
_RECEIVE_LIMIT = 10
# Seconds of one long poll, and so the longest that stop() waits for an idle poller.
_LONG_POLL = 1.0


class Queue(Protocol):
    """What a mapping needs of a queue."""

    @property
    def arn(self) -> str: ...

    @property
    def visibility_timeout(self) -> int: ...

    def receive(self, maximum: int, wait: float) -> list[Message]:
        """Up to `maximum` (≤ 10) messages, hidden for the queue's visibility timeout; `wait` in seconds."""

    def delete(self, receipt_handles: Sequence[str]) -> None: ...


class Invocable(Protocol):
    """What a mapping needs of a function."""

    def invoke(self, payload: bytes, wait: float) -> Invocation: ...


class EventSourceMapping:
    """`maximum_concurrency` pollers, each with one batch at a time; `batching_window` in seconds.

    Each batch starts with `give_way`, which returns when more urgent work is done.
    """

    def __init__(
        self,
        *,
        queue: Queue,
        function: Invocable,
        batch_size: int,
        maximum_concurrency: int,
        report_batch_item_failures: bool,
        batching_window: float,
        give_way: Callable[[], object],
    ) -> None:
        self._queue = queue
        self._function = function
        self._batch_size = batch_size
        self._report_batch_item_failures = report_batch_item_failures
        self._batching_window = batching_window
        self._give_way = give_way
        self._stopping = threading.Event()
        self._pollers = [
            threading.Thread(target=self._poll, name=f"{queue.arn} poller {number}", daemon=True)
            for number in range(maximum_concurrency)
        ]

    def start(self) -> None:
        for poller in self._pollers:
            poller.start()

    def begin_stop(self) -> None:
        """Take no further batch, and return at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Return when every poller has ended, which takes as long as an invocation under way."""
        self.begin_stop()
        for poller in self._pollers:
            if poller.is_alive():
                poller.join()

    def _poll(self) -> None:
        while not self._stopping.is_set():
            self._give_way()
            self._process(self._next_batch())

    def _next_batch(self) -> list[Message]:
        """What is there at once, or what comes within the window after the first messages."""
        batch = self._queue.receive(min(self._batch_size, _RECEIVE_LIMIT), _LONG_POLL)
        end = time.monotonic() + self._batching_window
        while batch and len(batch) < self._batch_size and not self._stopping.is_set():
            left = end - time.monotonic()
            if left <= 0:
                break
            wanted = min(self._batch_size - len(batch), _RECEIVE_LIMIT)
            batch += self._queue.receive(wanted, min(left, _LONG_POLL))
        return batch

    def _process(self, batch: Sequence[Message]) -> None:
        """Invoke the function and delete what succeeded; the rest waits for the visibility timeout."""
        if not batch:
            return
        payload = sqs_event(batch, self._queue.arn)
        if len(payload) > REQUEST_LIMIT and len(batch) > 1:
            # Lambda closes a batch before it passes the limit of a payload:
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
            half = len(batch) // 2
            self._process(batch[:half])
            self._process(batch[half:])
            return
        try:
            # A throttled batch is tried until its messages are visible again, and then dropped:
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
            invocation = self._function.invoke(payload, wait=self._queue.visibility_timeout)
        except TooManyRequestsError:
            return
        failed = self._failed(invocation, {message.message_id for message in batch})
        self._queue.delete([message.receipt_handle for message in batch if message.message_id not in failed])

    def _failed(self, invocation: Invocation, message_ids: Collection[str]) -> Collection[str]:
        if invocation.result is None:
            return message_ids
        if not self._report_batch_item_failures:
            return ()
        return batch_item_failures(invocation.result, message_ids)
