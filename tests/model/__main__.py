"""`python -m tests.model`: every interleaving of the send protocol."""

import argparse
import sys
import time

from tests.model.explore import explore
from tests.model.protocol import Protocol, Table


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--faults", type=int, default=3)
    chosen = parser.parse_args()
    began = time.monotonic()
    found = explore(Protocol(Table()), chosen.messages, chosen.workers, chosen.faults)
    sys.stdout.write(f"{found}, {time.monotonic() - began:.0f} s\n")
    return 1 if found.duplicates or found.hopeless else 0


if __name__ == "__main__":
    sys.exit(main())
