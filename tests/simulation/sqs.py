"""SQS standard queues under Lambda's pollers: at least once, in any order, five tries, then the review queue.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues.html
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.simulation.cloud import CrashError, SimClock, SimCloud

if TYPE_CHECKING:
    from tests.simulation.world import World

#: As template.yaml has it for both queues.
MAX_RECEIVES = 5


@dataclass(eq=False)
class Message:
    body: str
    attributes: dict[str, str]
    #: the queue that it failed in; None: somebody put it here
    source: "Queue | None" = None
    receives: int = 0
    deleted: bool = False


@dataclass
class ReviewQueue:
    """Nobody receives from it but the operator."""

    messages: list[Message] = field(default_factory=list)

    def put(self, body: str) -> None:
        self.messages.append(Message(body, {}))


#: Takes one message, with the process's cloud and clock; raises what SQS should deliver again for.
Consumer = Callable[[Message, SimCloud, SimClock], None]


@dataclass
class Queue:
    world: "World"
    name: str
    consumer: Consumer
    visibility_seconds: float
    function_seconds: float
    #: how many processes of the consumer run at once, at most
    concurrency: int
    _ready: list[Message] = field(default_factory=list)
    _environments: list[int] = field(default_factory=list)
    _polls: int = 0

    def __post_init__(self) -> None:
        self._environments = list(range(self.concurrency))

    def put(self, body: str, attributes: dict[str, str], seconds: float = 0.0) -> None:
        self._show(Message(body, attributes), seconds)

    def _show(self, message: Message, seconds: float) -> None:
        def show() -> None:
            if not message.deleted:
                self._ready.append(message)
                self._poll_soon()

        self.world.scheduler.after(seconds, show)

    def _poll_soon(self) -> None:
        self.world.scheduler.after(self.world.chance() * 0.1, self._poll)

    def _poll(self) -> None:
        world = self.world
        if not self._ready or not self._environments:
            return
        batch = []
        alone = world.faults is not world.calm and world.chance() < 0.3
        for _ in range(1 if alone else min(10, len(self._ready))):
            message = self._ready.pop(int(world.chance() * len(self._ready)))
            if self._receive(message):
                batch.append(message)
        if batch:
            environment = self._environments.pop()
            self._polls += 1
            who = f"{self.name}-{self._polls}"
            world.scheduler.spawn(lambda: self._invoke(batch, who, environment))
        if self._ready:
            self._poll_soon()

    def _receive(self, message: Message) -> bool:
        """Count the receive, hide the message for a while, and now and then hand it to others, too."""
        world = self.world
        if message.deleted:
            return False
        message.receives += 1
        if message.receives > MAX_RECEIVES:
            message.deleted = True
            world.tell(f"{self.name}: to review after {MAX_RECEIVES} tries: {message.body[:60]}")
            world.review.messages.append(Message(message.body, message.attributes, self))
            return False
        if message.receives == 1 and world.chance() < world.faults.duplicate:
            for _ in range(1 + int(world.chance() * 5)):
                again = Message(message.body, message.attributes)
                again.receives = 1
                self._show(again, world.chance() ** 3 * 600)
        self._show(message, self.visibility_seconds)
        return True

    def _invoke(self, batch: list[Message], who: str, environment: int) -> None:
        try:
            failed = self._consume(batch, who, environment)
        except CrashError:
            # The whole batch comes again, what was done of it included.
            failed = batch
        self._environments.append(environment)
        for message in batch:
            if message not in failed and self.world.chance() >= self.world.faults.delete:
                message.deleted = True
        if self._ready:
            self._poll_soon()

    def _consume(self, batch: list[Message], who: str, environment: int) -> list[Message]:
        cloud, clock = self.world.process(who, self.function_seconds, environment)
        failed = []
        for message in batch:
            try:
                self.consumer(message, cloud, clock)
            except Exception as error:  # noqa: BLE001 - as powertools' batch processor does
                self.world.tell(f"{who}: {type(error).__name__}, it comes again")
                failed.append(message)
        return failed
