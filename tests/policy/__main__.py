"""`python -m tests.policy`: record calls.json anew."""

import sys

from tests.fakes.webhook_receiver import receiving
from tests.flow.stack import started
from tests.policy.recording import FILE, record, write


def main() -> int:
    with receiving() as receiver, started("--faults", "--webhook", receiver.url) as stack:
        calls = record(stack, receiver)
    write(calls)
    sys.stdout.write(f"{len(calls)} kinds of calls in {FILE.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
