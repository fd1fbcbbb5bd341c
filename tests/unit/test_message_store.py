from dataclasses import dataclass

from ops.local.patches.message_store import Counts, MessageStore


@dataclass
class Message:
    id: str
    receives: int = 0


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def deliver(message: Message) -> str | None:
    if message.receives >= 2:
        return None
    message.receives += 1
    return message.id


def take(store: MessageStore, count: int = 10) -> tuple[list[str], list[Message]]:
    return store.take(count, 0, 30_000, deliver)


def test_messages_come_in_the_order_they_were_added() -> None:
    store = MessageStore(Clock())
    for name in "abc":
        store.add(Message(name), 0)
    assert take(store, 2) == (["a", "b"], [])
    assert take(store, 2) == (["c"], [])


def test_a_message_in_flight_is_back_when_its_timeout_is_over() -> None:
    clock = Clock()
    store = MessageStore(clock)
    store.add(Message("a"), 0)
    assert take(store) == (["a"], [])
    clock.now = 29_999
    assert take(store) == ([], [])
    clock.now = 30_000
    assert take(store) == (["a"], [])


def test_a_delayed_message_is_neither_visible_nor_in_flight() -> None:
    clock = Clock()
    store = MessageStore(clock)
    store.add(Message("a"), 5_000)
    assert store.counts() == Counts(visible=0, in_flight=0, delayed=1)
    assert not store.hide_for("a", 1_000)
    clock.now = 5_000
    assert take(store) == (["a"], [])
    assert store.counts() == Counts(visible=0, in_flight=1, delayed=0)


def test_a_new_timeout_replaces_the_old_one() -> None:
    clock = Clock()
    store = MessageStore(clock)
    store.add(Message("a"), 0)
    take(store)
    assert store.hide_for("a", 60_000)
    clock.now = 30_000
    assert take(store) == ([], [])
    clock.now = 60_000
    assert take(store) == (["a"], [])


def test_a_deleted_message_does_not_come_back() -> None:
    clock = Clock()
    store = MessageStore(clock)
    store.add(Message("a"), 0)
    take(store)
    store.delete("a")
    store.delete("a")
    clock.now = 30_000
    assert take(store) == ([], [])
    assert store.counts() == Counts(visible=0, in_flight=0, delayed=0)


def test_a_message_received_too_often_leaves_the_store() -> None:
    store = MessageStore(Clock())
    poison = Message("a", receives=2)
    store.add(poison, 0)
    store.add(Message("b"), 0)
    assert take(store) == (["b"], [poison])
    assert store.counts() == Counts(visible=0, in_flight=1, delayed=0)


def test_nothing_is_left_after_clearing() -> None:
    store = MessageStore(Clock())
    for name in "abc":
        store.add(Message(name), 0)
    take(store, 1)
    store.clear()
    assert store.counts() == Counts(visible=0, in_flight=0, delayed=0)
