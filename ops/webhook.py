"""The webhook's dead letters: what 15 tries did not bring to its receiver, and how a person fires it again.

A letter is sent to WebhookQueue before it is deleted here, so an end at any moment loses none; it may double one,
and the receiver knows it by its webhook-id.
"""

import threading
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from handlers import clock
from handlers.core import alert, times
from ops.review.audit import Row, State, Verb, expires_at
from ops.review.queue import Received, ReviewQueue
from ops.review.workbench import Workbench

QUEUE, DEAD_LETTERS = "WebhookQueueUrl", "WebhookDeadLetterQueueUrl"


class WebhookOffError(Exception):
    """The stack has no WebhookUrl."""

    def __init__(self) -> None:
        super().__init__("the stack has no webhook: deploy it with WebhookUrl and WebhookSecret")


@dataclass(frozen=True)
class GivenUp:
    """An alert that nobody took; `at`: when it was published."""

    alert_id: str
    at: str
    kind: str
    text: str


def is_on(bench: Workbench) -> bool:
    return QUEUE in bench.deployment.outputs


def given_up(bench: Workbench) -> list[GivenUp]:
    """The oldest first. Received and given back at once. Raise WebhookOffError."""
    with _dead_letters(bench).browsing() as messages:
        return sorted((_read(message) for message in messages), key=lambda letter: letter.at)


def refire(bench: Workbench, wanted: Collection[str], why: str, stop: threading.Event) -> Iterator[GivenUp]:
    """Send those alert ids, all if none is named, for another 15 tries; each is audited first.

    Raise WebhookOffError.
    """
    queue = _dead_letters(bench)
    with queue.browsing() as messages:
        for message in messages:
            letter = _read(message)
            if wanted and letter.alert_id not in wanted:
                continue
            if stop.is_set():
                return
            row = _row(bench, letter, why)
            bench.put_audit(row)
            bench.deployment.client("sqs").send_message(
                QueueUrl=bench.deployment.outputs[QUEUE], MessageBody=message.body
            )
            queue.delete(message)
            bench.complete_audit(row.actionId, State.DONE, times.iso(clock.now()))
            yield letter


def fire_test(bench: Workbench) -> str:
    """Publish an alert that says it is a test, to every subscriber; its id."""
    published = bench.deployment.client("sns").publish(
        TopicArn=bench.deployment.outputs["AlertTopicArn"],
        Subject="ContactFlow: a test",
        Message="A test of the alerts. Nothing happened.",
        MessageAttributes={"kind": {"DataType": "String", "StringValue": "test"}},
    )
    return str(published["MessageId"])


def _dead_letters(bench: Workbench) -> ReviewQueue:
    if not is_on(bench):
        raise WebhookOffError
    return ReviewQueue(bench.deployment.client("sqs"), bench.deployment.outputs[DEAD_LETTERS])


def _read(message: Received) -> GivenUp:
    try:
        told = alert.read(message.body)
    except alert.NotAnAlertError:
        # Nothing but SNS's envelopes comes here by itself.
        return GivenUp(message.sqs_id, times.iso(message.sent_at), "other", "not an alert")
    return GivenUp(told.id, told.at, told.kind, told.text)


def _row(bench: Workbench, letter: GivenUp, why: str) -> Row:
    now = clock.now()
    return Row(
        actionId=str(uuid.uuid4()),
        verb=Verb.REFIRE,
        target=letter.alert_id,
        actor=bench.actor,
        at=times.iso(now),
        why=why,
        expiresAt=expires_at(now),
    )
