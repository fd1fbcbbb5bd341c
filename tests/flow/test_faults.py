"""The running stack loses nothing and sends nothing twice, whatever crashes, stalls, repeats or comes late."""

from collections.abc import Iterator

import pytest

from ops.local.faults import NAMES
from tests.faults import project
from tests.faults.project import Running
from tests.faults.run import (
    Run,
    canaries,
    not_in_an_end_state,
    not_in_the_review_queue,
    review_items,
    run,
    sent_twice,
)
from tests.flow.stack import until

pytestmark = [pytest.mark.xdist_group("faults"), pytest.mark.slow]
MESSAGES = 300


@pytest.fixture(scope="module")
def under_faults(tmp_path_factory: pytest.TempPathFactory) -> Run:
    tree = tmp_path_factory.mktemp("faults")
    project.copied(tree, project.FASTER)
    with project.started(tree) as running:
        return run(running, MESSAGES, seed=1)


def test_every_kind_of_fault_was_injected(under_faults: Run) -> None:
    assert under_faults.injected.keys() == NAMES


def test_every_accepted_message_is_in_one_end_state(under_faults: Run) -> None:
    assert len(under_faults.seen.accepted) > MESSAGES * 0.8
    assert not_in_an_end_state(under_faults) == {}


def test_ses_accepted_at_most_one_mail_for_each_message(under_faults: Run) -> None:
    assert sent_twice(under_faults) == {}
    assert len(under_faults.evidence.mails) > MESSAGES


def test_what_needs_a_person_is_in_the_review_queue_with_its_reason(under_faults: Run) -> None:
    assert not_in_the_review_queue(under_faults) == {}
    assert under_faults.seen.held <= {item["messageId"] for item in review_items(under_faults)}


def test_contactflow_reconcile_finds_the_books_in_order(under_faults: Run) -> None:
    assert under_faults.reconciled == 0, under_faults.books


def test_no_word_of_a_visitor_is_in_logs_metrics_executions_alarms_or_urls(under_faults: Run) -> None:
    assert canaries(under_faults) == {}
    searched = under_faults.evidence.writings
    metrics = [name for name, text in searched.items() if '"_aws"' in text]
    assert len(metrics) >= 4
    assert all(searched[place] for place in ("executions", "URLs"))
    assert under_faults.evidence.alerts


@pytest.fixture(scope="module")
def with_sdk_retries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    tree = tmp_path_factory.mktemp("retries")
    project.copied(tree, (project.SDK_RETRIES,))
    with project.started(tree) as running:
        yield running


def test_the_sdks_own_retries_would_have_sent_three_mails(with_sdk_retries: Running) -> None:
    stack = with_sdk_retries.stack
    with_sdk_retries.inject("SES accepts, resets", rate=1.0, limit=None)
    message_id = stack.accepted()
    until(lambda: len(stack.mails(message_id)), lambda mails: mails == 3)
    assert with_sdk_retries.contactflow("reconcile", "--json").returncode == 1
