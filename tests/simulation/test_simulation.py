"""The core's promise in virtual time. `python -m tests.simulation --seeds 10000` is the long run of the same."""

import pytest

from handlers.core import acceptance
from schemas.record import Status
from tests.fakes.records import record
from tests.simulation import checks, runs
from tests.simulation.faults import CALM, Faults
from tests.simulation.sqs import Message
from tests.simulation.world import Variant, World


def test_under_drawn_faults_nothing_is_lost_and_nothing_sent_twice() -> None:
    for seed in range(60):
        assert not runs.one(seed, messages=30).violations, runs.story(seed, 30)


def test_a_seed_gives_the_same_run_again() -> None:
    assert runs.story(5, 10) == runs.story(5, 10)


@pytest.mark.parametrize(
    ("variant", "violation"),
    [
        (Variant(ses_attempts=3), "duplicate: "),
        (Variant(unconditional=True), "duplicate: "),
        (Variant(keyed_on_sqs_id=True), "twice: "),
        (Variant(any_attempt=True), "wrong: "),
    ],
)
def test_a_system_that_is_built_wrongly_is_noticed(variant: Variant, violation: str) -> None:
    """SES retried as the SDK does by default; writes without their conditions; keyed on the SQS message id; an event of
    an attempt that is over counts."""
    found = [line for outcome in runs.many(range(30), 20, variant) for line in outcome.violations]
    assert any(line.startswith(violation) for line in found)


def test_a_redriven_item_that_intake_gave_up_is_in_the_review_queue_and_none_at_all_is_noticed() -> None:
    world = World(1, faults=CALM)
    world.table.items["m1"] = record(Status.REVIEW, reason="x")
    assert "unseen: m1 is in review and not in the review queue" in checks.violations(world)
    world.review.messages.append(Message('{"messageId":"m1","reason":"x"}', {}, source=world.intake))
    assert not any(line.startswith("unseen") for line in checks.violations(world))


def test_a_burst_drains_at_the_rate_of_ses_with_hardly_a_throttled_send() -> None:
    """The floor is 10,000 / 14 s."""
    world = World(1, faults=CALM)
    world.ses.rate = 14.0
    runs.burst(world, 10_000)
    assert checks.violations(world) == []
    assert runs.last_send(world) <= 1.1 * 10_000 / 14
    assert world.ses.counts["throttled"] < 0.01 * world.ses.counts["calls"]
    assert {record.status for record in world.table.items.values()} == {Status.DELIVERED}
    assert world.review.messages == []


def test_five_minutes_of_throttling_put_nothing_into_review() -> None:
    world = World(2, faults=CALM)
    world.ses.closed = [(0.0, 300.0)]
    runs.burst(world, 300)
    assert checks.violations(world) == []
    assert {record.status for record in world.table.items.values()} == {Status.DELIVERED}
    assert world.review.messages == []


def test_a_mail_whose_answer_is_lost_is_in_review_at_its_deadline_unless_an_event_tells() -> None:
    world = World(3, faults=Faults(ses_lost=1.0))
    runs.burst(world, 50)
    assert checks.violations(world) == []
    assert len(world.ses.accepted) == 50
    assert all(record.attempts == 1 for record in world.table.items.values())


def test_an_execution_s_name_leads_to_its_message() -> None:
    name = "3f0e6c1a-0b2d-4c5e-8f90-a1b2c3d4e5f6"
    for replays in (0, 1, 12):
        assert acceptance.message_of(acceptance.execution_name(name, replays)) == name
