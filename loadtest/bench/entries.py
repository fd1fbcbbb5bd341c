"""Microseconds a record in the queues' functions, from the Lambda entry on; AWS is a recording fake."""

import json
import os
import subprocess
import sys

from loadtest.bench.coldstart import SETTINGS
from loadtest.bench.entry_times import BATCH, ROUNDS
from loadtest.bench.figures import Answer, spread
from tests.flow.stack import ROOT

# StartDelivery waits between messages as long as this rate asks.
_UNPACED = {"SES_SEND_RATE": "1000000"}


def run(scale: float) -> Answer:
    """In a process of its own, because what the functions log would drown the answer."""
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "loadtest.bench.entry_times", str(max(100, round(1000 * scale)))],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | SETTINGS | _UNPACED,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, list[float]] = json.loads(done.stderr)
    return Answer(
        "A record's own time in a function",
        ["function", "µs of CPU a record"],
        [[name, str(spread(values))] for name, values in found.items()],
        found,
        (
            f"Middle (least to most) of {ROUNDS} rounds; batches of {BATCH}, logs and counters included, the calls to "
            "AWS answered by a fake in the same process."
        ),
        "No target.",
    )
