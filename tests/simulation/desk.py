"""The operator: sends review items again, twice at times, closes some unsent, sends to another what bounced."""

from typing import TYPE_CHECKING

from handlers.core import acceptance, times
from handlers.core.change import Change
from handlers.errors import ConditionFailedError
from ops.forms import Target
from ops.review import planning
from ops.review.audit import Verb
from ops.review.planning import Intent
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


def send_elsewhere(world: "World") -> None:
    """Send some of what the owner's address did not take to the fallback; a crash at times leaves it unstarted."""
    for seen in list(world.table.items.values()):
        if seen.status not in planning.UNDELIVERED or world.chance() < 0.5:
            continue
        intent = Intent(f"{seen.messageId}-{seen.replays}", Verb.RETRY, "desk")
        row = planning.plan(seen, intent, world.clock.now(), target=Target(seen.form, "fallback"))
        record = world.table.change_record("", planning.change_of(row, seen))
        world.tell(f"{seen.messageId} was {seen.status} and goes to the fallback")
        if world.chance() < 0.5:
            world.ses.complain(seen.messageId, seen.replays)
        if world.chance() < 0.9:
            name = acceptance.execution_name(record.messageId, record.replays)
            world.executions.start(name, acceptance.workflow_input(record.messageId, 900, acknowledge=False))


def _take(world: "World", item: "Message") -> None:
    world.review.messages = [one for one in world.review.messages if one is not item]
