"""`python -m tests.fuzz --inputs 1000000`: no input may raise out of a handler."""

import argparse
import multiprocessing
import os
import sys
import time

from tests.fuzz import runs

_SHARE = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    began = time.monotonic()
    shares = [(chosen.seed + number, _SHARE) for number in range(-(-chosen.inputs // _SHARE))]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        found = pool.starmap(runs.run, shares, chunksize=1)
    problems = [problem for one in found for problem in one.problems]
    inputs, seconds = sum(one.inputs for one in found), time.monotonic() - began
    for problem in problems[:20]:
        sys.stdout.write(problem + "\n")
    sys.stdout.write(
        f"{inputs} inputs, {sum(one.whole for one in found)} of them through the whole handlers, "
        f"{seconds:.0f} s, {inputs / seconds:.0f} a second, {len(problems)} problems\n"
    )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
