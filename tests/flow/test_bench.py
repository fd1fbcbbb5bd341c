from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from loadtest.bench import client, sides
from tests.flow.stack import LocalStack

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture
def aside() -> Iterator[ThreadPoolExecutor]:
    """A thread without an event loop; Playwright's sync API leaves one running in the tests' own."""
    with ThreadPoolExecutor(1) as thread:
        yield thread


def test_both_sides_of_the_bench_take_posts_and_reach_one_ses(
    stack: LocalStack, aside: ThreadPoolExecutor
) -> None:
    drain = sides.Drain(stack)
    before, delivered = drain.sent(), drain.delivered()
    with sides.synchronous(stack.aws, 2) as front:
        theirs = aside.submit(client.post, front, 2, 4).result()
    assert (theirs.taken, len(theirs.milliseconds)) == (4, 4)
    assert drain.sent() == before + 4

    assert aside.submit(client.post, stack.api, 2, 4).result().taken == 4
    arrived = aside.submit(client.arrive, stack.api, per_second=20, clients=1, number=4).result()
    assert (arrived.taken, len(arrived.milliseconds)) == (4, 4)
    drain.wait(before + 12)
    assert drain.delivered() >= delivered + 8


def test_the_synchronous_side_fails_its_visitor_while_ses_refuses(
    stack: LocalStack, aside: ThreadPoolExecutor
) -> None:
    sides.order(stack, outcome="throttle", seconds=3600)
    try:
        with sides.synchronous(stack.aws, 1) as front:
            assert aside.submit(client.post, front, 1, 1).result().taken == 0
    finally:
        sides.clear(stack)
