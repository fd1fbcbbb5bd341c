import pytest

from loadtest.bench import client, sides
from tests.flow.stack import LocalStack

pytestmark = pytest.mark.xdist_group("stack")


def test_both_sides_of_the_bench_take_posts_and_reach_one_ses(stack: LocalStack) -> None:
    drain = sides.Drain(stack)
    before, delivered = drain.sent(), drain.delivered()
    with sides.synchronous(stack.aws, 2) as front:
        theirs = client.post(front, 2, 4)
    assert (theirs.taken, len(theirs.milliseconds)) == (4, 4)
    assert drain.sent() == before + 4

    assert client.post(stack.api, 2, 4).taken == 4
    arrived = client.arrive(stack.api, per_second=20, clients=1, number=4)
    assert (arrived.taken, len(arrived.milliseconds)) == (4, 4)
    drain.wait(before + 12)
    assert drain.delivered() >= delivered + 8


def test_the_synchronous_side_fails_its_visitor_while_ses_refuses(stack: LocalStack) -> None:
    sides.order(stack, outcome="throttle", seconds=3600)
    try:
        with sides.synchronous(stack.aws, 1) as front:
            assert client.post(front, 1, 1).taken == 0
    finally:
        sides.clear(stack)
