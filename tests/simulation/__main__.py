"""`python -m tests.simulation --seeds 10000`: the core's promise under drawn faults, in virtual time."""

import argparse
import os
import sys
import time

from tests.simulation import runs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--messages", type=int, default=30, help="messages per seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--story", type=int, metavar="SEED", help="run one seed and print what happened")
    chosen = parser.parse_args()
    if chosen.story is not None:
        sys.stdout.write(runs.story(chosen.story, chosen.messages) + "\n")
        return 0
    began = time.monotonic()
    seeds = range(chosen.first, chosen.first + chosen.seeds)
    outcomes = runs.many(seeds, chosen.messages, processes=chosen.processes)
    failed = [outcome for outcome in outcomes if outcome.violations]
    for outcome in failed[:3]:
        sys.stdout.write(runs.story(outcome.seed, chosen.messages) + "\n\n")
    sys.stdout.write(
        f"{len(outcomes)} seeds, {sum(one.accepted for one in outcomes)} messages accepted, "
        f"{sum(one.mails for one in outcomes)} mails, {time.monotonic() - began:.0f} s, "
        f"{len(failed)} seeds with violations{': ' if failed else ''}"
        f"{', '.join(str(one.seed) for one in failed[:20])}\n"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
