from datetime import UTC, datetime, timedelta

import pytest

from handlers.core.sweeping import Deadlines
from ops.reconcile import COLUMNS, Evidence, Report, reconcile
from schemas.record import MessageRecord, Status, TimelineEvent
from tests.fakes.records import record

NOW = datetime(2026, 11, 24, 10, 1, tzinfo=UTC)
DEADLINES = Deadlines(outcome=900, event=86_400)


def books(*records: MessageRecord, now: datetime = NOW, evidence: Evidence | None = None) -> Report:
    return reconcile(records, evidence or Evidence(review_depth=9), DEADLINES, now)


def test_each_status_stands_in_exactly_one_column() -> None:
    listed = [status for column in COLUMNS.values() for status in column]
    assert sorted(listed) == sorted(Status)


def test_the_books_of_one_message_in_each_status_balance() -> None:
    report = books(*(record(status, messageId=f"m{n}") for n, status in enumerate(Status)))
    assert report.clean
    assert report.accepted == len(Status) == sum(report.columns.values())


def test_a_2xx_without_a_record_is_named() -> None:
    report = books(record(), evidence=Evidence(accepted=frozenset({"m1", "lost-1"})))
    assert [problem.message_id for problem in report.problems] == ["lost-1"]
    assert not report.clean


def test_a_2xx_without_a_record_may_be_a_dead_letter_that_nobody_indexed() -> None:
    evidence = Evidence(accepted=frozenset({"m1", "poison"}), review_depth=1)
    [problem] = books(record(), evidence=evidence).problems
    assert "dlq sweep" in problem.what


def test_a_2xx_that_still_waits_in_the_queue_is_in_transit() -> None:
    report = books(record(), evidence=Evidence(accepted=frozenset({"m1", "m2"}), intake_depth=1))
    assert (report.clean, report.columns["in transit"]) == (True, 2)


@pytest.mark.parametrize(("mails", "clean"), [(0, False), (1, True), (2, False)])
def test_a_sent_message_has_exactly_one_mail(mails: int, clean: bool) -> None:  # noqa: FBT001 - a table's column
    evidence = Evidence(mails={"m1": mails})
    assert books(record(Status.DELIVERED), evidence=evidence).clean is clean


def test_a_forgotten_message_has_no_mail_and_the_books_balance() -> None:
    story = {"forgotten": TimelineEvent(kind="forgotten", at="2026-11-24T10:00:00.000Z")}
    assert books(record(Status.DELIVERED, events=story), evidence=Evidence(mails={})).clean


def test_an_operator_s_replay_allows_one_mail_more() -> None:
    evidence = Evidence(mails={"m1": 2})
    assert books(record(Status.DELIVERED, replays=1), evidence=evidence).clean


def test_two_acceptances_in_one_timeline_are_a_double_send() -> None:
    twice = {
        f"accepted-by-ses-{n}": TimelineEvent(kind="accepted_by_ses", at="2026-11-24T10:00:00.000Z")
        for n in range(2)
    }
    assert not books(record(Status.SENT, events=twice)).clean


def test_what_the_sweeper_should_have_moved_is_named() -> None:
    stuck = record(Status.SENDING)
    assert books(stuck, now=NOW + timedelta(seconds=1800)).clean
    assert not books(stuck, now=NOW + timedelta(seconds=2500)).clean


def test_a_held_message_without_an_item_in_the_queue_is_named() -> None:
    report = books(record(Status.REVIEW), evidence=Evidence(review_depth=0))
    assert [problem.message_id for problem in report.problems] == ["m1"]
