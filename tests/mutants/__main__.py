"""`python -m tests.mutants`: every mutant of the safety code must be noticed by the tests named for it."""

import os
import sys
import time

from tests.mutants import runs
from tests.mutants.mutants import MUTANTS


def main() -> int:
    began = time.monotonic()
    verdicts = runs.run(MUTANTS, os.cpu_count() or 1)
    for verdict in verdicts:
        state = "killed  " if verdict.killed else "SURVIVED"
        sys.stdout.write(
            f"{state} {verdict.seconds:5.1f} s  {verdict.mutant.name}  ({' '.join(verdict.mutant.killers)})\n"
        )
    killed = sum(verdict.killed for verdict in verdicts)
    sys.stdout.write(f"{killed} of {len(verdicts)} killed, {time.monotonic() - began:.0f} s\n")
    return 0 if killed == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
