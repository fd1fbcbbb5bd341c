"""Several forms and owners on the running stack, and an owner whose address takes no mail."""

from pathlib import Path

import pytest

from ops import books
from ops.cli import DEADLINES
from ops.deployment import Deployment
from tests.flow.operator import cli, json_of, workbench
from tests.flow.stack import JSON, LocalStack, until

pytestmark = pytest.mark.xdist_group("stack")

SALES, BOSS = "sales@contactflow.example", "boss@contactflow.example"


def test_each_form_s_messages_reach_its_own_owner_in_its_language(stack: LocalStack) -> None:
    sales, contact = stack.accepted(form="sales"), stack.accepted(form="contact")
    for message_id, address, words in (
        (sales, SALES, "Von: "),
        (contact, "owner@contactflow.example", "From: "),
    ):
        stack.wait_for(message_id, "delivered")
        (mail,) = stack.mails(message_id)
        assert mail["to"] == [address]
        assert words in mail["text"]


def test_an_unknown_form_waits_for_a_person_who_chooses_the_owner(stack: LocalStack) -> None:
    message_id = stack.accepted(form="press")
    stack.wait_for(message_id, "review")
    shown = json_of(stack, "dlq", "show", message_id)
    assert (shown["reason"], shown["form"]) == ("unknown_form", "press")
    assert "no form press" in cli(stack, "dlq", "deliver", message_id, "--yes", code=1)
    cli(stack, "dlq", "retry", message_id, "--to", SALES, "--yes")
    stack.wait_for(message_id, "delivered")
    assert [mail["to"] for mail in stack.mails(message_id)] == [[SALES]]


def test_a_form_s_message_from_another_page_waits_for_a_person(stack: LocalStack) -> None:
    body = '{"email":"ann@example.com","subject":"Hello","message":"Hi","form":"sales"}'
    headers = JSON | {"Origin": "https://evil.example"}
    answer = stack.http.post(f"{stack.api}/sendEmail", content=body, headers=headers)
    assert answer.headers["access-control-allow-origin"] == stack.site
    message_id = answer.json()["messageId"]
    stack.wait_for(message_id, "review")
    assert json_of(stack, "dlq", "show", message_id)["reason"] == "foreign_origin"


def test_what_the_owner_s_address_refused_reaches_the_fallback_and_the_books_balance(
    stack: LocalStack, tmp_path: Path
) -> None:
    stack.play_next("bounce")
    bounced = stack.accepted(form="sales")
    stack.wait_for(bounced, "bounced")
    # SES has put the address on its list, as it does with an account's.
    suppressed = stack.accepted(form="sales")
    stack.wait_for(suppressed, "suppressed")
    try:
        _goes_to_the_fallback(stack, bounced, suppressed)
    finally:
        cli(stack, "suppression", "remove", SALES, "--yes")
    ids = tmp_path / "ids"
    ids.write_text(f"{bounced}\n{suppressed}\n")
    deployment = Deployment(workbench(stack).deployment.outputs, stack.aws, stack.mailbox)
    report = books.balance(deployment, ids, DEADLINES)
    assert [problem for problem in report.problems if problem.message_id in (bounced, suppressed)] == []
    assert report.accepted == sum(report.columns.values())


def _goes_to_the_fallback(stack: LocalStack, bounced: str, suppressed: str) -> None:
    assert "say --to" in cli(stack, "dlq", "retry", bounced, "--yes", code=1)
    again = json_of(stack, "dlq", "retry", bounced, "--to", SALES, "--yes", code=1)
    assert "--even-if-sent" in again["skipped"][0]["problem"]
    cli(stack, "dlq", "retry", bounced, "--to", "owner@contactflow.example", "--yes", code=1)
    said = cli(stack, "dlq", "retry", bounced, "--to", BOSS, "--why", "mailbox gone", "--yes")
    assert f"- to {SALES}\n+ to {BOSS}\n" in said
    cli(stack, "dlq", "retry", "--state", "suppressed", "--to", BOSS, "--yes")
    for message_id in (bounced, suppressed):
        stack.wait_for(message_id, "delivered")
        mails = sorted(stack.mails(message_id), key=lambda mail: str(mail["tags"]["replay"]))
        assert [mail["to"] for mail in mails] == [[SALES], [BOSS]]
    (row,) = json_of(stack, "audit", bounced)
    assert (row["verb"], row["before"]["status"], row["after"]["recipient"]) == (
        "retry",
        "bounced",
        "fallback",
    )
    assert "to the fallback address" in cli(stack, "audit", bounced)
    alerts = stack.client("dynamodb").scan(TableName=workbench(stack).deployment.outputs["MessagesTableName"])
    keys = [item["pk"]["S"] for item in alerts["Items"] if item["pk"]["S"].startswith("ALERT#owner")]
    assert until(lambda: keys, bool)
    assert not any("@" in key for key in keys)
