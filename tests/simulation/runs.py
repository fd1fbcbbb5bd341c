"""Seeds to outcomes, over all processors; what fails is run again with its trace written down."""

import gc
import io
import multiprocessing
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from functools import cache, partial

from handlers.core import times
from handlers.telemetry import counted, logger
from tests.simulation import checks
from tests.simulation.cloud import EPOCH
from tests.simulation.world import AS_IT_IS, Variant, World


@dataclass(frozen=True)
class Outcome:
    seed: int
    accepted: int
    mails: int
    violations: list[str]


def one(seed: int, messages: int, variant: Variant = AS_IT_IS) -> Outcome:
    with _quiet():
        return _lived(seed, messages, variant)


def _lived(seed: int, messages: int, variant: Variant) -> Outcome:
    world = World(seed, variant=variant)
    world.live(messages)
    return Outcome(seed, len(world.visitors.accepted), len(world.ses.accepted), checks.violations(world))


def burst(world: World, messages: int) -> None:
    """As many plain posts at once, and nothing else."""
    with _quiet():
        for _ in range(messages):
            world.scheduler.after(world.chance(), world.visitors.api_client)
        world.scheduler.run()
        world.settle()


def last_send(world: World) -> float:
    """Seconds from the beginning until the last mail's claim."""
    claimed = max(times.parse(record.claimedAt) for record in world.table.items.values())
    return (claimed - EPOCH).total_seconds()


@cache
def _freeze() -> None:
    """Take what the imports left out of every later collection."""
    gc.collect()
    gc.freeze()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without log, counters and garbage collection, which take half of the time: collect when the world is gone."""
    logger.setLevel("CRITICAL")
    _freeze()
    gc.disable()
    with redirect_stdout(io.StringIO()):
        yield
    counted.clear()
    gc.enable()


def many(
    seeds: Iterable[int], messages: int, variant: Variant = AS_IT_IS, processes: int = 1
) -> list[Outcome]:
    run = partial(one, messages=messages, variant=variant)
    if processes == 1:
        return [run(seed) for seed in seeds]
    # Forked from a server that has imported everything and run nothing: a child that has run some hundred seeds makes
    # way for a fresh one, which is cheaper than to unwind every process that the faults killed.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with context.Pool(processes, initializer=_keep_everything, maxtasksperchild=1) as pool:
        return pool.map(run, seeds, chunksize=100)


def _keep_everything() -> None:
    gc.freeze()
    gc.set_threshold(0)


def story(seed: int, messages: int, variant: Variant = AS_IT_IS) -> str:
    """The same seed again, with everything that happened to the messages in its violations."""
    world = World(seed, variant=variant)
    world.trace = []
    with _quiet():
        world.live(messages)
    found = checks.violations(world)
    ids = [message_id for message_id in world.table.items if any(message_id in line for line in found)]
    lines = [f"seed {seed}: {world.drawn}", *found]
    for message_id in ids:
        lines.append(f"--- {message_id}")
        lines += [f"{at:12.3f}  {what}" for at, what in world.trace if message_id in what]
    return "\n".join(lines)
