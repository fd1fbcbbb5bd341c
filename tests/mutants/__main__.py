"""`python -m tests.mutants`: every mutant of the safety code must be noticed by the tests named for it."""

import os
import sys
import time

from tests.mutants import runs
from tests.mutants.mutants import MUTANTS


def main() -> int:
    began = time.monotonic()
    killed = 0
    for verdict in runs.run(MUTANTS, os.cpu_count() or 1):
        killed += verdict.state == "killed"
        sys.stdout.write(
            f"{verdict.state:8} {verdict.seconds:5.1f} s  {verdict.mutant.name}  ({' '.join(verdict.mutant.killers)})\n"
        )
        sys.stdout.flush()
    sys.stdout.write(f"{killed} of {len(MUTANTS)} killed, {time.monotonic() - began:.0f} s\n")
    return 0 if killed == len(MUTANTS) else 1


if __name__ == "__main__":
    sys.exit(main())
