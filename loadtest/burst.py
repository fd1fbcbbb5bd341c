"""`make bench`: a burst against a local stack of its own: how fast it is accepted, how fast it is delivered."""

import argparse
import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from tests.flow.stack import ROOT, SUBMISSION, LocalStack, started

#: Client threads; they share the machine with the stack, so more of them measure themselves.
CLIENTS = 10


def post(stack: LocalStack, number: int) -> float:
    """Seconds until the 202."""
    began = time.perf_counter()
    stack.accepted(subject=f"Burst {number}", message="m" * 200)
    return time.perf_counter() - began


def delivered() -> int:
    """What the books of the running stack say; asking is cheap enough not to disturb."""
    books = subprocess.run(
        [sys.executable, "-m", "ops", "reconcile", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    number: int = json.loads(books.stdout)["delivered"]
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000)
    messages: int = parser.parse_args().messages
    with started() as stack, ThreadPoolExecutor(CLIENTS) as clients:
        stack.wait_for(stack.accepted(**SUBMISSION), "delivered")
        began = time.perf_counter()
        seconds = list(clients.map(lambda number: post(stack, number), range(messages)))
        accepted = time.perf_counter() - began
        while delivered() < messages + 1:
            time.sleep(1)
        drained = time.perf_counter() - began
    cuts = quantiles(seconds, n=100)
    sys.stdout.write(
        f"{messages} posts by {CLIENTS} clients: {messages / accepted:.0f} accepted/s, "
        f"p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms; "
        f"all delivered after {drained:.1f} s: {messages / drained:.1f} mails/s\n"
    )


if __name__ == "__main__":
    main()
