"""What a message costs in time and memory as there are more of them."""

from dataclasses import asdict

from loadtest.bench import sides
from loadtest.bench.figures import Answer, figure
from loadtest.bench.legs import MAIN, WARM, Leg, leg, warm_up
from tests.flow.stack import started

#: Messages in all at the end of each leg; 1,000 to 50,000 at SCALE=50.
_LEGS = (20, 250, 500, 1000)
#: The same for every leg: a longer backlog has more executions at once, which is another question.
_WAVE = 250


def run(scale: float) -> Answer:
    with started() as stack:
        drain = sides.Drain(stack)
        warm_up(stack, drain)
        found: list[Leg] = []
        done = 0
        for total in (round(leg_end * scale) for leg_end in _LEGS):
            waves = [min(_WAVE, total - wave) for wave in range(done, total, _WAVE)]
            found.append(leg(stack, drain, WARM + done, waves))
            done = total
    # The first is a warm-up too: code and caches come into memory once.
    return _answer(found[1:])


def _answer(legs: list[Leg]) -> Answer:
    first, last = legs[0], legs[-1]
    rows = [
        [
            f"{each.total - WARM:,}",
            figure(each.messages / each.seconds),
            figure(each.cpu_a_message),
            each.by_role(),
            figure(each.cpu[MAIN] / each.cpu["functions"]),
            figure(each.resident / 1e6),
        ]
        for each in legs
    ]
    kept = (last.resident - first.resident) / (last.total - first.total)
    return Answer(
        "Growth",
        [
            "messages in all",
            "delivered/s",
            "CPU ms a message",
            "of which",
            "embedded cloud by functions",
            "resident MB",
        ],
        rows,
        {"legs": [asdict(each) for each in legs], "bytesKeptAMessage": kept},
        (
            f"In waves of {_WAVE}. The functions keep nothing, so what slows them is the machine; the last column but "
            "one leaves that out. The embedded cloud is table, queues, executions and mailbox in one process, "
            f"and keeps {figure(kept / 1000)} kB a message."
        ),
        "Target: all columns flat but the last, and that in proportion.",
    )
