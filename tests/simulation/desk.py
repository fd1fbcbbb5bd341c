"""The operator at the review queue: sends items again, twice at times, and closes some unsent."""

from typing import TYPE_CHECKING

from handlers.core import times
from handlers.core.change import Change
from handlers.errors import ConditionFailedError
from schemas.record import Status, TimelineEvent

if TYPE_CHECKING:
    from tests.simulation.sqs import Message
    from tests.simulation.world import World


def redrive(world: "World") -> None:
    """Move some items back to where they came from. A move that was cut short leaves its item in both queues."""
    for item in list(world.review.messages):
        if world.chance() < 0.4:
            continue
        world.tell(f"redrive of {item.body[:60]}")
        for _ in range(2 if world.chance() < 0.2 else 1):
            (item.source or world.intake).put(item.body, item.attributes, world.chance() ** 2 * 60)
        if world.chance() < 0.9:
            _take(world, item)


def discard(world: "World") -> None:
    """Close a record in review; its item goes with it."""
    held = [record for record in world.table.items.values() if record.status is Status.REVIEW]
    if not held:
        return
    record, moment = world.pick(held), times.iso(world.clock.now())
    change = Change(
        record.messageId,
        allowed=(Status.REVIEW,),
        equals={"replays": record.replays},
        sets={"status": Status.DISCARDED, "updatedAt": moment},
        event=("discarded", TimelineEvent(kind="discarded", at=moment)),
    )
    try:
        world.table.change_record("", change)
    except ConditionFailedError:
        return
    world.tell(f"discarded {record.messageId}")


def _take(world: "World", item: "Message") -> None:
    world.review.messages = [one for one in world.review.messages if one is not item]
