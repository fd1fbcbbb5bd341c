import os
import signal
import threading
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from ops.review import bulk
from ops.review.audit import State, Verb
from ops.review.index import Item
from ops.review.planning import Intent, NotAllowedError
from schemas.record import Status, TimelineEvent
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
UNKNOWN = {"a": TimelineEvent(kind="outcome_unknown", at="2026-11-24T10:00:00.000Z")}
FRESH = Item(record(Status.REVIEW, messageId="fresh"), NOW)
PERHAPS_SENT = Item(record(Status.REVIEW, messageId="perhaps", events=UNKNOWN), NOW)
OLD = Item(record(Status.REVIEW, messageId="old", acceptedAt="2026-11-01T10:00:00.000Z"), NOW)
ALL = [FRESH, PERHAPS_SENT, OLD]


@dataclass
class RecordingActor:
    refuses: str = ""
    overtaken: str = ""
    stops_after: threading.Event | None = None
    intents: list[Intent] = field(default_factory=list)

    def act(self, item: Item, intent: Intent) -> State:
        self.intents.append(intent)
        if self.stops_after:
            self.stops_after.set()
        if item.message_id == self.refuses:
            raise NotAllowedError("no")
        return State.REFUSED if item.message_id == self.overtaken else State.DONE


def _intent(batch: str = "") -> Intent:
    return Intent(batch or str(uuid.uuid4()), Verb.RETRY, "bo", "why")


@pytest.mark.parametrize("verb", [Verb.RETRY, Verb.DELIVER])
def test_what_may_have_been_sent_or_is_old_is_sent_again_only_when_asked_for(verb: Verb) -> None:
    seen = bulk.preview(ALL, verb, even_if_sent=False, even_if_old=False)
    assert (seen.chosen, [item for item, _ in seen.skipped]) == ([FRESH], [PERHAPS_SENT, OLD])
    assert bulk.preview(ALL, verb, even_if_sent=True, even_if_old=True).chosen == ALL


@pytest.mark.parametrize("verb", [Verb.DISCARD, Verb.RESOLVE, Verb.UNDO])
def test_closing_asks_for_no_such_caution(verb: Verb) -> None:
    assert bulk.preview(ALL, verb, even_if_sent=False, even_if_old=False).chosen == ALL


def test_each_message_gets_its_own_action_id_and_the_same_in_each_run_of_a_batch() -> None:
    actor, batch = RecordingActor(), str(uuid.uuid4())
    for _ in range(2):
        assert all(result.done for result in bulk.run(actor, ALL, _intent(batch), 1000, threading.Event()))
    ids = [intent.action_id for intent in actor.intents]
    assert len(set(ids)) == 3
    assert ids[:3] == ids[3:]


def test_one_refusal_does_not_stop_the_others_and_says_why() -> None:
    actor = RecordingActor(refuses="fresh", overtaken="perhaps")
    results = list(bulk.run(actor, ALL, _intent(), 1000, threading.Event()))
    assert [result.done for result in results] == [False, False, True]
    assert results[0].problem == "no"
    assert "somebody changed it" in results[1].problem


def test_a_stop_finishes_the_message_that_was_begun_and_begins_no_other() -> None:
    stop = threading.Event()
    results = list(bulk.run(RecordingActor(stops_after=stop), ALL, _intent(), 0.001, stop))
    assert [result.message_id for result in results] == ["fresh"]


def test_ctrl_c_asks_for_a_stop_and_raises_nothing_inside_and_again_outside() -> None:
    before = signal.getsignal(signal.SIGINT)
    with bulk.stopped_by_ctrl_c() as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(10)
    assert signal.getsignal(signal.SIGINT) is before
