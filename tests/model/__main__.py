"""`python -m tests.model`: every interleaving of the send protocol, in two scopes or in one of your own."""

import argparse
import sys
import time

from tests.model.explore import explore
from tests.model.protocol import Protocol, Table

#: The first is done in seconds; the second takes some minutes and 3 GB.
SCOPES = ((1, 2, 3), (2, 2, 3))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scope", type=int, nargs=3, metavar=("MESSAGES", "WORKERS", "FAULTS"))
    chosen = parser.parse_args()
    wrong = False
    for messages, workers, faults in [chosen.scope] if chosen.scope else SCOPES:
        began = time.monotonic()
        found = explore(Protocol(Table()), messages, workers, faults)
        wrong = wrong or bool(found.duplicates or found.hopeless)
        sys.stdout.write(
            f"{messages} messages, {workers} workers, {faults} faults: {found}, {time.monotonic() - began:.0f} s\n"
        )
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
