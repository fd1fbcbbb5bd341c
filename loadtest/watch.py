"""Watches the queues while Artillery runs, and afterwards until nothing is in transit."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from botocore.exceptions import EndpointConnectionError

from handlers import clock
from handlers.core import times
from handlers.core.sweeping import Deadlines
from ops import books
from ops.deployment import Deployment
from ops.reconcile import Report

_DEADLINES = Deadlines(outcome=900, event=86_400)
_QUEUES = {"intake": "IntakeQueueUrl", "events": "EventsQueueUrl"}
_EVERY_SECONDS = 0.5
# A drain takes minutes: often enough for a person who waits.
_TELL_SECONDS = 5.0


@dataclass
class Depths:
    """(seconds since the watch began, messages waiting or being read), for each queue."""

    began: float
    points: dict[str, list[tuple[float, float]]] = field(
        default_factory=lambda: {name: [] for name in _QUEUES}
    )

    def look(self, deployment: Deployment) -> int:
        """Add a point to each line; return the sum."""
        sqs = deployment.client("sqs")
        wanted = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        total = 0
        for name, output in _QUEUES.items():
            given = sqs.get_queue_attributes(QueueUrl=deployment.outputs[output], AttributeNames=wanted)[
                "Attributes"
            ]
            depth = sum(int(given[attribute]) for attribute in wanted)
            self.points[name].append((clock.monotonic() - self.began, float(depth)))
            total += depth
        return total


@contextmanager
def watching(deployment: Deployment) -> Iterator[Depths]:
    depths = Depths(clock.monotonic())
    over = threading.Event()

    def watch() -> None:
        # A stack that is gone is told by whoever waits for its drain.
        with suppress(EndpointConnectionError):
            while not over.wait(_EVERY_SECONDS):
                depths.look(deployment)

    thread = threading.Thread(target=watch, name="queue depths")
    thread.start()
    try:
        yield depths
    finally:
        over.set()
        thread.join()


def drained(deployment: Deployment, accepted: Path, depths: Depths, patience: float) -> Report:
    """The books once nothing is in transit, or once nothing has moved for `patience` seconds.

    To balance them is to read all that there is, from the stack that is to drain: that waits until the
    queues are empty, and then takes a tenth of the time at most.
    """
    moved = clock.monotonic()
    last = ""
    while True:
        waiting = depths.look(deployment)
        gave_up = clock.monotonic() - moved > patience
        state, pause = f"{waiting:,} in the queues", _TELL_SECONDS
        if waiting == 0 or gave_up:
            began = clock.monotonic()
            report = books.balance(deployment, accepted, _DEADLINES)
            if report.columns["in transit"] == 0 or gave_up:
                return report
            state = f"{report.columns['in transit']:,} in transit"
            pause = max(pause, 9 * (clock.monotonic() - began))
        if state != last:
            moved, last = clock.monotonic(), state
            print(f"  draining: {state}")
        clock.sleep(pause)


def seconds_to_delivered(deployment: Deployment) -> list[float]:
    """From the post to SES's word that the owner's server took the mail, for every delivered message."""
    pages = (
        deployment.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=deployment.outputs["MessagesTableName"],
            FilterExpression="#status = :delivered",
            ProjectionExpression="acceptedAt, settledAt",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":delivered": {"S": "delivered"}},
        )
    )
    found = [(item["acceptedAt"]["S"], item["settledAt"]["S"]) for page in pages for item in page["Items"]]
    return [(times.parse(settled) - times.parse(accepted)).total_seconds() for accepted, settled in found]
