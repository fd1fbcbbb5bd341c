import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from moto.sns.models import sns_backends
from moto.sqs.exceptions import ReceiptHandleIsInvalid, SQSException
from moto.sqs.models import Message, sqs_backends

from ops.local import cloud


@pytest.fixture
def sqs() -> Iterator[Any]:
    running = cloud.start()
    backend = sqs_backends[cloud.ACCOUNT][cloud.REGION]
    backend.create_queue("q")
    yield backend
    running.stop()


def bodies(messages: list[Message]) -> list[str]:
    return [message.body for message in messages]


def test_eight_receivers_get_each_message_once(sqs: Any) -> None:
    def receive_all(_: int) -> list[str]:
        found: list[str] = []
        while received := sqs.receive_message("q", 10, 0, 300):
            found += bodies(received)
        return found

    for number in range(400):
        sqs.send_message("q", str(number))
    with ThreadPoolExecutor(8) as pool:
        received = [body for found in pool.map(receive_all, range(8)) for body in found]
    assert sorted(received, key=int) == [str(number) for number in range(400)]


def test_a_send_wakes_a_receiver_that_waits(sqs: Any) -> None:
    with ThreadPoolExecutor() as pool:
        receiver = pool.submit(sqs.receive_message, "q", 1, 20, 30)
        time.sleep(0.1)
        sqs.send_message("q", "now")
        assert bodies(receiver.result(timeout=10)) == ["now"]


def test_a_message_received_too_often_goes_to_the_dead_letter_queue(sqs: Any) -> None:
    dead = sqs.create_queue("dead")
    policy = {"deadLetterTargetArn": dead.queue_arn, "maxReceiveCount": 2}
    source = sqs.create_queue("source", RedrivePolicy=policy)
    sent = sqs.send_message("source", "poison")
    assert [bodies(sqs.receive_message("source", 1, 0, 0)) for _ in range(3)] == [["poison"], ["poison"], []]
    [moved] = sqs.receive_message("dead", 1, 0, 30)
    assert (moved.id, moved.sent_timestamp) == (sent.id, sent.sent_timestamp)
    assert moved.dead_letter_source_arn == source.queue_arn


def test_a_message_in_flight_comes_back_when_its_timeout_is_taken_away(sqs: Any) -> None:
    sqs.send_message("q", "again")
    [message] = sqs.receive_message("q", 1, 0, 300)
    assert sqs.receive_message("q", 1, 0, 300) == []
    sqs.change_message_visibility("q", message.receipt_handle, 0)
    [again] = sqs.receive_message("q", 1, 0, 300)
    assert again.approximate_receive_count == 2


def test_the_visibility_of_a_message_not_in_flight_cannot_be_changed(sqs: Any) -> None:
    sqs.send_message("q", "x")
    [message] = sqs.receive_message("q", 1, 0, 300)
    sqs.delete_message("q", message.receipt_handle)
    with pytest.raises(SQSException, match="MessageNotInflight"):
        sqs.change_message_visibility("q", message.receipt_handle, 60)


def test_deleting_twice_is_no_error_and_deleting_by_a_made_up_handle_is(sqs: Any) -> None:
    sqs.send_message("q", "x")
    [message] = sqs.receive_message("q", 1, 0, 300)
    sqs.delete_message("q", message.receipt_handle)
    sqs.delete_message("q", message.receipt_handle)
    with pytest.raises(ReceiptHandleIsInvalid):
        sqs.delete_message("q", "made-up")


def test_the_counts_tell_visible_in_flight_and_delayed_apart(sqs: Any) -> None:
    for delay in (0, 0, 900):
        sqs.send_message("q", "x", delay_seconds=delay)
    sqs.receive_message("q", 1, 0, 300)
    attributes = sqs.get_queue("q").attributes
    assert [attributes[f"ApproximateNumberOfMessages{kind}"] for kind in ("", "NotVisible", "Delayed")] == [
        1,
        1,
        1,
    ]
    sqs.purge_queue("q")
    assert sqs.get_queue("q").attributes["ApproximateNumberOfMessages"] == 0


def test_characters_that_sqs_refuses_are_refused(sqs: Any) -> None:
    with pytest.raises(SQSException, match="InvalidMessageContents"):
        sqs.send_message("q", "bell \x07")


@pytest.mark.parametrize("body", [None, ""])
def test_a_message_without_a_body_is_refused(sqs: Any, body: str | None) -> None:
    with pytest.raises(SQSException, match="MissingParameter"):
        sqs.send_message("q", body)


def test_a_fifo_queue_keeps_its_order_within_a_group(sqs: Any) -> None:
    sqs.create_queue("q.fifo", FifoQueue="true")
    for number in range(3):
        sqs.send_message("q.fifo", str(number), deduplication_id=str(number), group_id="g")
    assert bodies(sqs.receive_message("q.fifo", 10, 0, 30)) == ["0", "1", "2"]


def test_nothing_remembers_a_message_that_is_deleted(sqs: Any) -> None:
    topic = sns_backends[cloud.ACCOUNT][cloud.REGION].create_topic("t")
    sns_backends[cloud.ACCOUNT][cloud.REGION].subscribe(topic.arn, sqs.get_queue("q").queue_arn, "sqs")
    sns_backends[cloud.ACCOUNT][cloud.REGION].publish("through the topic", arn=topic.arn)
    [message] = sqs.receive_message("q", 1, 0, 30)
    sqs.delete_message("q", message.receipt_handle)
    del message
    gc.collect()
    assert topic.sent_notifications == []
    assert not [kept for kept in gc.get_objects() if type(kept) is Message]
