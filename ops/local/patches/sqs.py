"""SQS: moto scans every message of a queue on each call, and its receive and delete race under threads.

A send computes the queue's attributes by three scans; a delete rebuilds the list, losing a message sent
meanwhile; a receive hands one message to two consumers. moto also feeds Lambda from inside the sender's
call, which here would lose the message: the event source pollers do it as Lambda does. FIFO queues, which
the project has none of, keep moto's own code. Messages do not expire: the stack ends before they would.
"""

import re
import time
import uuid
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs import models
from moto.sqs.exceptions import (
    InvalidParameterValue,
    MissingParameter,
    ReceiptHandleIsInvalid,
    SQSException,
)
from moto.sqs.models import Message, Queue, SQSBackend

from ops.local.patches.message_store import MessageStore

_add_fifo = Queue.add_message
_delete_fifo = Queue.delete_message
_receive_fifo = SQSBackend.receive_message
_send_fifo = SQSBackend.send_message
_purge_fifo = SQSBackend.purge_queue
_change_fifo = SQSBackend.change_message_visibility

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RECEIPT_HANDLE = re.compile(r"([0-9a-f-]{36})\.[0-9]+\.[0-9a-f]{32}")


def apply() -> None:
    Queue.add_message = add_message
    Queue.delete_message = delete_message
    Queue.approximate_number_of_messages = property(lambda queue: store(queue).counts().visible)
    Queue.approximate_number_of_messages_not_visible = property(lambda queue: store(queue).counts().in_flight)
    Queue.approximate_number_of_messages_delayed = property(lambda queue: store(queue).counts().delayed)
    SQSBackend.send_message = send_message
    SQSBackend.receive_message = receive_message
    SQSBackend.change_message_visibility = change_message_visibility
    SQSBackend.purge_queue = purge_queue


def store(queue: Queue) -> MessageStore:
    found: MessageStore | None = queue.__dict__.get("message_store")
    # setdefault is atomic: two first callers get one store.
    return found or queue.__dict__.setdefault("message_store", MessageStore(unix_time_millis))


def add_message(queue: Queue, message: Message) -> None:
    if queue.fifo_queue:
        _add_fifo(queue, message)
    else:
        store(queue).add(message, message.delayed_until)


def send_message(
    backend: SQSBackend,
    queue_name: str,
    message_body: str | None,
    message_attributes: dict[str, Any] | None = None,
    delay_seconds: int | None = None,
    **fifo: Any,
) -> Message:
    queue = backend.get_queue(queue_name)
    if queue.fifo_queue:
        return _send_fifo(backend, queue_name, message_body, message_attributes, delay_seconds, **fifo)
    if not message_body:  # "The minimum size is one character": the page of _FORBIDDEN
        raise MissingParameter("MessageBody")
    delay = int(queue.delay_seconds if delay_seconds is None else delay_seconds)
    backend._validate_message(queue, message_body, delay)  # noqa: SLF001 - moto's own check
    if delay > models.MAXIMUM_MESSAGE_DELAY:
        raise InvalidParameterValue(f"Value {delay} for parameter DelaySeconds is invalid.")
    if _FORBIDDEN.search(message_body):
        raise SQSException(
            "InvalidMessageContents", "The message contains characters outside the allowed set."
        )
    message = Message(str(uuid.uuid4()), message_body, fifo.get("system_attributes"))
    message.message_attributes = message_attributes or {}
    message.group_id = fifo.get("group_id")
    message.mark_sent(delay)
    store(queue).add(message, message.delayed_until)
    return message


def receive_message(
    backend: SQSBackend,
    queue_name: str,
    count: int,
    wait_seconds_timeout: float,
    visibility_timeout: int,
    message_attribute_names: list[str] | None = None,
) -> list[Message]:
    queue = backend.get_queue(queue_name)
    wanted = message_attribute_names or []
    if queue.fifo_queue:
        arguments = (queue_name, count, wait_seconds_timeout, visibility_timeout, wanted)
        received: list[Message] = _receive_fifo(backend, *arguments)
        return received
    deadline = time.monotonic() + wait_seconds_timeout
    while True:
        delivered, dead = store(queue).take(
            count,
            deadline - time.monotonic(),
            int(visibility_timeout) * 1000,
            lambda message: _deliver(queue, message, wanted),
        )
        for message in dead:
            # The message keeps its id and its SentTimestamp:
            # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
            message.dead_letter_source_arn = queue.queue_arn
            store(queue.dead_letter_queue).add(message, 0)
        if delivered or not dead:
            return delivered


def _deliver(queue: Queue, message: Message, attribute_names: list[str]) -> Message | None:
    """The consumer's copy of a message, None if it belongs into the dead-letter queue."""
    limit = queue.redrive_policy["maxReceiveCount"] if queue.dead_letter_queue else None
    if limit is not None and message.approximate_receive_count >= limit:
        return None
    message.approximate_receive_count += 1
    if message.approximate_first_receive_timestamp is None:
        message.approximate_first_receive_timestamp = int(unix_time_millis())
    copy = object.__new__(Message)
    copy.__dict__.update(message.__dict__)
    copy.receipt_handle = f"{message.id}.{message.approximate_receive_count}.{uuid.uuid4().hex}"
    models._filter_message_attributes(copy, attribute_names)  # noqa: SLF001 - moto's own filter
    return copy


def delete_message(queue: Queue, receipt_handle: str) -> None:
    if queue.fifo_queue:
        _delete_fifo(queue, receipt_handle)
    else:
        store(queue).delete(_message_id(receipt_handle))


def change_message_visibility(
    backend: SQSBackend, queue_name: str, receipt_handle: str, visibility_timeout: int
) -> None:
    queue = backend.get_queue(queue_name)
    if queue.fifo_queue:
        _change_fifo(backend, queue_name, receipt_handle, visibility_timeout)
    elif not store(queue).hide_for(_message_id(receipt_handle), int(visibility_timeout) * 1000):
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
        raise SQSException("MessageNotInflight", "The specified message isn't in flight.")


def purge_queue(backend: SQSBackend, queue_name: str) -> None:
    _purge_fifo(backend, queue_name)
    store(backend.get_queue(queue_name)).clear()


def _message_id(receipt_handle: str) -> str:
    """A handle names its message, so that deleting twice needs no memory of what was deleted."""
    match = _RECEIPT_HANDLE.fullmatch(receipt_handle)
    if match is None:
        raise ReceiptHandleIsInvalid
    return match[1]
