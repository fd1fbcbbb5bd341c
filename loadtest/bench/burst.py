"""A burst, accepted while it drains, and followed to its end."""

from dataclasses import asdict

from loadtest.bench import sides
from loadtest.bench.figures import Answer, figure
from loadtest.bench.legs import CLIENTS, WARM, leg, warm_up
from tests.flow.stack import started

_MESSAGES = 1000
_TARGET = 200


def run(scale: float) -> Answer:
    with started() as stack:
        drain = sides.Drain(stack)
        warm_up(stack, drain)
        found = leg(stack, drain, WARM, [max(20, round(_MESSAGES * scale))])
        if (delivered := drain.delivered()) != found.total:
            raise RuntimeError(f"{delivered} of {found.total} messages were delivered")
    [posts] = found.waves
    return Answer(
        "A burst",
        ["accepted", "accepted/s", "p50 / p99, ms", "delivered/s", "CPU ms a message", "of which"],
        [
            [
                f"{posts.taken:,} of {found.messages:,}",
                figure(posts.per_second),
                f"{figure(posts.p50)} / {figure(posts.p99)}",
                figure(found.messages / found.seconds),
                figure(found.cpu_a_message),
                found.by_role(),
            ]
        ],
        asdict(found),
        f"By {CLIENTS} clients; every message is delivered, by the table, and delivered/s counts to its last event.",
        f"Target: {_TARGET} delivered/s on 2 cores, and 10,000 accepted without an error (SCALE=10).",
    )
