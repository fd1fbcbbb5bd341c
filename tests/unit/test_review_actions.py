import json
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.core.intake import POISON_EVENT
from ops.forms import Target
from ops.review import actions, planning
from ops.review.audit import Row, State, Verb
from ops.review.planning import Intent, NotAllowedError
from schemas.record import MessageRecord, Status
from tests.fakes.ledger import FakeLedger
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _ledger(**changed: Any) -> FakeLedger:
    ledger = FakeLedger()
    held = record(Status.REVIEW, reason="honeypot_filled").model_copy(update=changed)
    ledger.cloud.items[held.messageId] = held
    return ledger


def _act(ledger: FakeLedger, verb: Verb, action_id: str = "a1", **intent: str) -> State:
    row = planning.plan(_held(ledger), Intent(action_id, verb, "bo", **intent), ledger.now())
    return actions.perform(ledger, row)


def _held(ledger: FakeLedger) -> MessageRecord:
    return ledger.cloud.items["m1"]


@pytest.mark.parametrize("verb", [Verb.RETRY, Verb.DELIVER])
def test_a_retry_queues_the_message_once_and_starts_the_execution_of_its_replay(verb: Verb) -> None:
    ledger = _ledger(claim="old", sesMessageId="old")
    assert _act(ledger, verb, why="not spam") is State.DONE
    held = _held(ledger)
    assert (held.status, held.replays, held.claim, held.sesMessageId) == (Status.QUEUED, 1, "", "")
    assert ledger.started == ["m1-r1"]
    assert held.events["operator-a1"].detail == "not spam"
    row = ledger.rows["a1"]
    assert (row.state, row.actor, row.why) == (State.DONE, "bo", "not spam")
    assert row.before
    assert row.after
    assert (row.before.status, row.before.reason, row.after.status) == ("review", "honeypot_filled", "queued")


@pytest.mark.parametrize(("verb", "reason"), [(Verb.RESOLVE, "resolved"), (Verb.DISCARD, "discarded")])
def test_a_closed_message_says_how_and_comes_back_with_its_reason(verb: Verb, reason: str) -> None:
    ledger = _ledger()
    assert _act(ledger, verb) is State.DONE
    assert (_held(ledger).status, _held(ledger).reason) == (Status.DISCARDED, reason)
    undo = Intent("a2", Verb.UNDO, "bo")
    row = planning.plan(_held(ledger), undo, ledger.now(), undone=ledger.rows["a1"])
    assert actions.perform(ledger, row) is State.DONE
    assert (_held(ledger).status, _held(ledger).reason) == (Status.REVIEW, "honeypot_filled")
    assert ledger.reviews == ["m1"]
    assert ledger.started == []


def test_the_same_action_id_acts_once() -> None:
    ledger = _ledger()
    row = planning.plan(_held(ledger), Intent("a1", Verb.RETRY, "bo"), NOW)
    assert [actions.perform(ledger, row) for _ in range(3)] == [State.DONE] * 3
    assert ledger.started == ["m1-r1"]
    assert _held(ledger).replays == 1


def test_of_two_operators_who_saw_the_same_version_one_acts_and_the_other_is_told() -> None:
    ledger = _ledger()
    first = planning.plan(_held(ledger), Intent("a1", Verb.RETRY, "bo"), ledger.now())
    second = planning.plan(_held(ledger), Intent("a2", Verb.DISCARD, "cy"), ledger.now())
    assert actions.perform(ledger, first) is State.DONE
    assert actions.perform(ledger, second) is State.REFUSED
    assert _held(ledger).status is Status.QUEUED
    assert ledger.rows["a2"].state is State.REFUSED


@pytest.mark.parametrize("verb", [Verb.RETRY, Verb.DISCARD])
def test_a_crash_at_any_step_leaves_an_intended_action_that_the_next_run_finishes(verb: Verb) -> None:
    for crash_after in range(1, 4):
        ledger = _ledger()
        row = planning.plan(_held(ledger), Intent("a1", verb, "bo"), NOW)
        running = actions.steps(ledger, row)
        for _ in range(crash_after):
            next(running)
        running.close()
        assert ledger.rows["a1"].state is State.INTENDED
        assert actions.perform(ledger, ledger.rows["a1"]) is State.DONE
        assert ledger.started == (["m1-r1"] if verb is Verb.RETRY else [])


def test_a_finished_crash_does_not_start_a_message_that_has_moved_on_meanwhile() -> None:
    ledger = _ledger()
    running = actions.steps(ledger, planning.plan(_held(ledger), Intent("a1", Verb.RETRY, "bo"), NOW))
    next(running), next(running)
    running.close()
    back = _held(ledger).model_copy(update={"status": Status.REVIEW, "reason": "stuck_queued"})
    ledger.cloud.items["m1"] = back
    assert actions.perform(ledger, ledger.rows["a1"]) is State.DONE
    assert ledger.started == []
    assert _held(ledger) == back


def test_an_edited_subject_is_sent_and_stays_in_no_audit_row() -> None:
    ledger = _ledger()
    assert _act(ledger, Verb.RETRY, subject="Shipping to Norway") is State.DONE
    assert json.loads(_held(ledger).submission)["subject"] == "Shipping to Norway"
    assert "Norway" not in ledger.rows["a1"].model_dump_json()
    assert ledger.rows["a1"].edited


@pytest.mark.parametrize("subject", ["a\r\nBcc: x@example.com", "=?utf-8?q?x?=", "x" * 101, "\u202e"])
def test_an_edited_subject_obeys_the_rules_of_a_visitors(subject: str) -> None:
    with pytest.raises(NotAllowedError):
        _act(_ledger(), Verb.RETRY, subject=subject)


FALLBACK = Target("sales", "fallback")


def _send_to(ledger: FakeLedger, target: Target, verb: Verb = Verb.RETRY, action_id: str = "a1") -> State:
    row = planning.plan(_held(ledger), Intent(action_id, verb, "bo"), ledger.now(), target=target)
    return actions.perform(ledger, row)


@pytest.mark.parametrize("status", [*planning.UNDELIVERED, Status.REVIEW])
def test_what_the_owner_did_not_get_is_sent_to_the_fallback_as_an_attempt_of_its_own(status: Status) -> None:
    ledger = _ledger(status=status, form="sales", sesMessageId="old", settledAt="old")
    assert _send_to(ledger, FALLBACK) is State.DONE
    held = _held(ledger)
    assert (held.status, held.replays, held.recipient, held.sesMessageId, held.settledAt) == (
        Status.QUEUED,
        1,
        "fallback",
        "",
        "",
    )
    assert ledger.started == ["m1-r1"]
    row = ledger.rows["a1"]
    assert row.before
    assert row.after
    assert (row.before.status, row.before.recipient, row.after.recipient) == (status, "", "fallback")


def test_a_later_retry_goes_on_to_where_the_message_was_sent_last() -> None:
    ledger = _ledger(form="sales", recipient="fallback")
    _act(ledger, Verb.RETRY)
    assert (_held(ledger).form, _held(ledger).recipient) == ("sales", "fallback")


def test_a_message_of_an_unknown_form_gets_the_form_that_it_is_sent_to() -> None:
    ledger = _ledger(form="sale", reason="unknown_form")
    assert _send_to(ledger, Target("sales", "")) is State.DONE
    assert (_held(ledger).form, _held(ledger).recipient) == ("sales", "")


@pytest.mark.parametrize("status", [Status.SENT, Status.DELIVERED, Status.QUEUED, Status.DISCARDED])
def test_what_is_under_way_or_arrived_is_sent_to_nobody_else(status: Status) -> None:
    with pytest.raises(NotAllowedError, match=status):
        _send_to(_ledger(status=status), FALLBACK)


def test_a_bounced_message_can_only_be_sent_to_an_address_that_is_named() -> None:
    with pytest.raises(NotAllowedError, match="--to"):
        _act(_ledger(status=Status.BOUNCED), Verb.RETRY)
    with pytest.raises(NotAllowedError, match="not review"):
        _send_to(_ledger(status=Status.BOUNCED), FALLBACK, Verb.DELIVER)


def test_an_action_begun_before_there_were_forms_changes_nothing_of_them() -> None:
    ledger = _ledger(form="sales", recipient="fallback")
    row = planning.plan(_held(ledger), Intent("a1", Verb.RETRY, "bo"), NOW)
    assert row.after
    old = row.model_dump(mode="json")
    for version in (old["before"], old["after"]):
        del version["form"], version["recipient"]
    assert actions.perform(ledger, Row.model_validate(old)) is State.DONE
    assert (_held(ledger).form, _held(ledger).recipient) == ("sales", "fallback")


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.REVIEW])
def test_only_what_is_in_review_can_be_acted_on(status: Status) -> None:
    for verb in (Verb.RETRY, Verb.DELIVER, Verb.RESOLVE, Verb.DISCARD):
        with pytest.raises(NotAllowedError, match=f"its status is {status}"):
            _act(_ledger(status=status), verb)


def test_a_retried_poison_event_goes_back_to_its_queue_and_is_no_mail() -> None:
    ledger = _ledger(reason=POISON_EVENT, submission='{"eventType":"Delivery"}')
    assert _act(ledger, Verb.RETRY) is State.DONE
    assert ledger.events == ['{"eventType":"Delivery"}']
    assert ledger.started == []
    assert _held(ledger).status is Status.DISCARDED


@pytest.mark.parametrize("verb", [Verb.RETRY, Verb.DELIVER])
def test_what_was_forgotten_is_not_sent_again(verb: Verb) -> None:
    with pytest.raises(NotAllowedError, match="forgotten"):
        _act(_ledger(submission=""), verb)
    assert _act(_ledger(submission=""), Verb.DISCARD) is State.DONE
