import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from ops.local.batches import Message
from ops.local.event_source import EventSourceMapping
from ops.local.functions import Invocation, TooManyRequestsError
from ops.local.functions.invocation import REQUEST_LIMIT
from tests.fakes.queue import FakeFunction, FakeQueue, message

SUCCESS = Invocation(result=b"null", error=None)
ERROR = Invocation(result=None, error=b'{"errorType":"ValueError","errorMessage":"x"}')
DEADLINE = 20


def test_a_batch_that_succeeds_is_deleted() -> None:
    queue, _ = _polled([message(1), message(2)], FakeFunction(SUCCESS))
    assert queue.deleted == ["handle-1", "handle-2"]


def test_a_batch_whose_invocation_fails_stays_in_the_queue() -> None:
    queue, _ = _polled([message(1), message(2)], FakeFunction(ERROR))
    assert queue.deleted == []


def test_only_the_messages_reported_as_failed_stay_in_the_queue() -> None:
    answer = Invocation(result=b'{"batchItemFailures":[{"itemIdentifier":"id-2"}]}', error=None)
    queue, _ = _polled([message(1), message(2), message(3)], FakeFunction(answer))
    assert queue.deleted == ["handle-1", "handle-3"]


def test_a_batch_response_counts_only_where_the_mapping_asks_for_it() -> None:
    answer = Invocation(result=b'{"batchItemFailures":[{"itemIdentifier":"id-1"}]}', error=None)
    queue, _ = _polled([message(1)], FakeFunction(answer), report_batch_item_failures=False)
    assert queue.deleted == ["handle-1"]


def test_a_throttled_batch_waits_no_longer_than_its_messages_are_hidden() -> None:
    queue, function = _polled([message(1)], FakeFunction(TooManyRequestsError()))
    assert queue.deleted == []
    assert function.waits == [queue.visibility_timeout]


def test_a_batch_is_never_over_its_size_nor_a_receive_over_ten() -> None:
    queue, function = _polled(
        [message(n) for n in range(25)], FakeFunction(SUCCESS), batch_size=4, payloads=7
    )
    assert [_size(payload) for payload in function.payloads] == [4, 4, 4, 4, 4, 4, 1]
    queue, function = _polled(
        [message(n) for n in range(25)], FakeFunction(SUCCESS), batch_size=25, batching_window=DEADLINE
    )
    assert [_size(payload) for payload in function.payloads] == [25]
    assert queue.asked[:3] == [10, 10, 5]


def test_messages_that_come_within_the_window_join_the_batch() -> None:
    queue = FakeQueue([message(1)])
    function = FakeFunction(SUCCESS)
    mapping = _mapping(queue, function, batch_size=2, batching_window=DEADLINE)
    mapping.start()
    queue.send(message(2))
    function.wait_for(1, DEADLINE)
    mapping.stop()
    assert [_size(payload) for payload in function.payloads] == [2]


def test_a_window_that_ends_sends_what_there_is() -> None:
    _, function = _polled([message(1)], FakeFunction(SUCCESS), batching_window=0.1)
    assert [_size(payload) for payload in function.payloads] == [1]


def test_a_batch_over_six_megabytes_is_invoked_in_parts() -> None:
    messages = [message(n, body="x" * (1 << 20)) for n in range(10)]
    queue, function = _polled(messages, FakeFunction(SUCCESS), payloads=2)
    assert [_size(payload) for payload in function.payloads] == [5, 5]
    assert all(len(payload) <= REQUEST_LIMIT for payload in function.payloads)
    assert len(queue.deleted) == 10


def test_as_many_batches_are_under_way_as_the_mapping_has_concurrency() -> None:
    together = threading.Barrier(4)
    function = Waiting(lambda: together.wait(DEADLINE))
    mapping = _mapping(FakeQueue([message(1), message(2), message(3)]), function, batch_size=1, pollers=3)
    mapping.start()
    together.wait(DEADLINE)
    mapping.stop()
    assert function.finished == 3


def test_every_batch_first_gives_way_to_what_is_more_urgent() -> None:
    asked: list[str] = []
    _polled([message(1)], FakeFunction(SUCCESS), give_way=lambda: asked.append("may I?"))
    assert asked


def test_stopping_waits_for_the_invocation_under_way() -> None:
    release = threading.Event()
    function = Waiting(lambda: release.wait(DEADLINE))
    queue = FakeQueue([message(1)])
    mapping = _mapping(queue, function)
    mapping.start()
    assert function.begun.wait(DEADLINE)
    stopper = threading.Thread(target=mapping.stop)
    stopper.start()
    assert queue.deleted == []
    release.set()
    stopper.join(DEADLINE)
    assert queue.deleted == ["handle-1"]


def test_a_mapping_that_never_started_stops() -> None:
    _mapping(FakeQueue([]), FakeFunction(SUCCESS)).stop()


class Waiting:
    """A function whose invocation lasts until the test lets it end."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self.begun = threading.Event()
        self.finished = 0

    def invoke(self, payload: bytes, wait: float) -> Invocation:
        assert _size(payload) == 1
        assert wait == FakeQueue.visibility_timeout
        self.begun.set()
        self._work()
        self.finished += 1
        return SUCCESS


def _mapping(
    queue: FakeQueue,
    function: FakeFunction | Waiting,
    *,
    batch_size: int = 10,
    pollers: int = 1,
    report_batch_item_failures: bool = True,
    batching_window: float = 0,
    give_way: Callable[[], object] = int,
) -> EventSourceMapping:
    return EventSourceMapping(
        queue=queue,
        function=function,
        batch_size=batch_size,
        maximum_concurrency=pollers,
        report_batch_item_failures=report_batch_item_failures,
        batching_window=batching_window,
        give_way=give_way,
    )


def _polled(
    messages: Sequence[Message], function: FakeFunction, *, payloads: int = 1, **settings: Any
) -> tuple[FakeQueue, FakeFunction]:
    """The queue and the function once the function has got so many payloads and the mapping has stopped."""
    queue = FakeQueue(messages)
    mapping = _mapping(queue, function, **settings)
    mapping.start()
    function.wait_for(payloads, DEADLINE)
    mapping.stop()
    return queue, function


def _size(payload: bytes) -> int:
    return len(json.loads(payload)["Records"])
