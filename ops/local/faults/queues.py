"""Faults of standard queues: late, again, to two receivers at once, again although it was deleted.

SQS promises at least one delivery in any order, SNS the same of its publications:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
"""

import copy
import uuid
from collections.abc import Callable
from typing import Any

from moto.core.utils import unix_time_millis
from moto.sqs.models import sqs_backends

from ops.local import cloud
from ops.local.faults.plan import Plan
from ops.local.patches.message_store import MessageStore

# The delays are shorter than the visibility timeouts of a local run with faults.
_LATEST = 3.0
QUEUE_FAULTS = ("message late", "message twice", "message to two receivers", "message again after its delete")


class UnrulyStore(MessageStore):
    """A queue's messages; each is delivered again at most once, or its dead-letter queue would get it."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(unix_time_millis)
        self._plan = plan
        self._again: set[str] = set()

    def add(self, message: Any, delayed_until: float) -> None:
        if self._plan.strikes("message late"):
            delayed_until = unix_time_millis() + 1000 * self._plan.seconds(_LATEST)
        super().add(message, delayed_until)
        if self._plan.strikes("message twice"):
            # What SNS publishes twice arrives under two ids.
            second = copy.copy(message)
            second.id = str(uuid.uuid4())
            super().add(second, unix_time_millis() + 1000 * self._plan.seconds(_LATEST))

    def take(
        self, count: int, wait_seconds: float, visibility_ms: float, deliver: Callable[[Any], Any | None]
    ) -> tuple[list[Any], list[Any]]:
        delivered, dead = super().take(count, wait_seconds, visibility_ms, deliver)
        for message in delivered:
            if self._once_more(message.id, "message to two receivers"):
                self.hide_for(message.id, 0)
        return delivered, dead

    def delete(self, identifier: str) -> None:
        if self._once_more(identifier, "message again after its delete"):
            self.hide_for(identifier, 1000 * self._plan.seconds(_LATEST))
        else:
            super().delete(identifier)

    def _once_more(self, identifier: str, fault: str) -> bool:
        if identifier in self._again or not self._plan.strikes(fault):
            return False
        self._again.add(identifier)
        return True


def install(plan: Plan, urls: list[str]) -> None:
    """Before the first message: the queues' stores are replaced."""
    for url in urls:
        queue = sqs_backends[cloud.ACCOUNT][cloud.REGION].get_queue(url.rpartition("/")[2])
        queue.__dict__["message_store"] = UnrulyStore(plan)
