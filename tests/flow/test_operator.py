"""The operator's day on the running stack."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.record import MessageRecord, Status, TimelineEvent
from tests.flow.operator import cli, environment, held, json_of, queued, unique, workbench
from tests.flow.stack import PATIENCE, ROOT, LocalStack, until

pytestmark = pytest.mark.xdist_group("stack")


def test_what_is_held_is_listed_grouped_shown_and_delivered_once(stack: LocalStack) -> None:
    marker = unique()
    first, second = held(stack, 2, marker)
    listed = json_of(stack, "dlq", "list", "--text", marker)
    assert [(item["messageId"], item["sender"]) for item in listed] == [
        (first, "a***@example.com"),
        (second, "a***@example.com"),
    ]
    [group] = json_of(stack, "dlq", "list", "--group", "--text", marker)
    assert (group["count"], group["cause"], group["sample"]) == (2, "honeypot_filled", first)
    assert marker not in cli(stack, "dlq", "show", first)
    assert marker in cli(stack, "dlq", "show", first, "--body")
    done = json_of(stack, "dlq", "deliver", first, "--why", "a customer", "--yes")
    assert [result["done"] for result in done["results"]] == [True]
    stack.wait_for(first, "delivered")
    assert len(stack.mails(first)) == 1
    assert stack.status(second) == "review"
    again = json_of(stack, "dlq", "deliver", first, "--yes", "--even-if-sent", code=1)
    assert "delivered" in again["results"][0]["problem"]
    assert len(stack.mails(first)) == 1


def test_looking_receives_nothing_from_the_queue(stack: LocalStack) -> None:
    (message_id,) = held(stack, 1, unique())
    cli(stack, "dlq", "list")
    cli(stack, "dlq", "show", message_id)
    url = workbench(stack).deployment.outputs["ReviewQueueUrl"]
    counts = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_dry_run_and_a_missing_confirmation_change_nothing(stack: LocalStack) -> None:
    marker = unique()
    (message_id,) = held(stack, 1, marker)
    assert "1 message" in cli(stack, "dlq", "retry", "--where", f"text={marker}", "--dry-run")
    cli(stack, "dlq", "retry", message_id, code=2)
    cli(stack, "dlq", "retry", code=2)
    cli(stack, "dlq", "retry", message_id, "--to", "other@example.com", "--yes", code=2)
    assert stack.status(message_id) == "review"
    assert json_of(stack, "audit", message_id) == []


def test_a_person_at_a_terminal_is_asked_and_a_no_changes_nothing(stack: LocalStack) -> None:
    (message_id,) = held(stack, 1, unique())
    for answer, code, status in (("n", 1, "review"), ("y", 0, "discarded")):
        terminal, theirs = pty.openpty()
        os.write(terminal, f"{answer}\n".encode())
        asked = subprocess.run(
            [sys.executable, "-m", "ops", "dlq", "discard", message_id, "--reason", "spam"],
            cwd=ROOT,
            env=environment(stack),
            stdin=theirs,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        for end in (terminal, theirs):
            os.close(end)
        assert (asked.returncode, stack.status(message_id)) == (code, status)
        assert "discard 1 message?" in asked.stderr


def test_a_discarded_message_leaves_the_queue_and_comes_back_with_undo(stack: LocalStack) -> None:
    (message_id,) = held(stack, 1, unique())
    until(lambda: json_of(stack, "dlq", "sweep")["kept"], lambda kept: kept > 0)
    cli(stack, "dlq", "discard", message_id, "--reason", "spam", "--yes")
    assert stack.status(message_id) == "discarded"
    assert message_id not in queued(stack)
    cli(stack, "dlq", "undo", message_id, "--yes")
    assert stack.status(message_id) == "review"
    assert message_id in queued(stack)
    cli(stack, "dlq", "resolve", message_id, "--why", "by phone", "--yes")
    assert stack.status(message_id) == "discarded"
    rows = json_of(stack, "audit", message_id)
    assert [(row["verb"], row["state"]) for row in rows] == [
        ("resolve", "done"),
        ("undo", "done"),
        ("discard", "done"),
    ]
    assert "by phone" in cli(stack, "audit", message_id)


def test_a_message_is_sent_under_the_edited_subject(stack: LocalStack) -> None:
    (message_id,) = held(stack, 1, unique())
    shown = cli(stack, "dlq", "retry", message_id, "--subject", "Shipping to Norway", "--yes")
    assert "- Hello\n+ Shipping to Norway\n" in shown
    stack.wait_for(message_id, "delivered")
    (mail,) = stack.mails(message_id)
    assert "Shipping to Norway" in mail["subject"]


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m \u202egnp.exe\u202c zero\u200bwidth \u2028 [red]x[/red] =1+1"


def test_hostile_texts_print_harmlessly_everywhere(stack: LocalStack, tmp_path: Path) -> None:
    bench = workbench(stack)
    text = json.dumps({"email": f"{HOSTILE}@example.com", "subject": HOSTILE, "message": HOSTILE + "\nline"})
    at = "2026-11-24T10:00:00.000Z"
    hostile = MessageRecord(
        messageId=f"hostile-{unique()}",
        status=Status.REVIEW,
        acceptedAt=at,
        updatedAt=at,
        contentHash="0" * 64,
        submission=text,
        reason=HOSTILE,
        expiresAt=4_000_000_000,
        events={"a": TimelineEvent(kind=HOSTILE, at=at, detail=HOSTILE)},
    )
    bench.table.put(hostile)
    sheet = tmp_path / "review.csv"
    only = ("--where", f"text={hostile.messageId}")
    outputs = [
        cli(stack, "dlq", "list", *only),
        cli(stack, "dlq", "list", "--group", *only),
        cli(stack, "dlq", "show", hostile.messageId, "--body"),
        cli(stack, "status", hostile.messageId),
        cli(stack, "dlq", "export", str(sheet), "--body", *only) and sheet.read_text().replace("\r\n", "\n"),
        cli(stack, "dlq", "discard", *only, "--reason", HOSTILE, "--yes"),
        cli(stack, "audit", hostile.messageId),
    ]
    for output in outputs:
        assert hostile.messageId in output
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069]", output)
    assert "\\x1b]0;owned\\x07" in outputs[2]
    assert sheet.stat().st_mode & 0o077 == 0
    assert all(len(line) <= 80 for line in outputs[3].splitlines() if line.startswith("2026"))
    cli(stack, "dlq", "show", hostile.messageId, "--body", "--json")


def test_status_tells_the_story_in_lines_of_eighty_columns(stack: LocalStack) -> None:
    message_id = stack.accepted()
    stack.wait_for(message_id, "delivered")
    told = cli(stack, "status", message_id).splitlines()
    kinds = [line[30:].split()[0] for line in told if re.match("[0-9]{4}-", line)]
    assert kinds[:3] == ["accepted", "queued", "sending"]
    assert kinds[-1] == "Delivery"
    assert max(map(len, told)) <= 80
    cli(stack, "status", "no-such-id", code=1)


def test_an_address_is_taken_off_the_suppression_list_and_the_audit_knows_it_masked(
    stack: LocalStack,
) -> None:
    address = f"{unique()}@example.com"
    stack.client("sesv2").put_suppressed_destination(EmailAddress=address, Reason="BOUNCE")
    assert address in [entry["address"] for entry in json_of(stack, "suppression", "list")]
    assert json_of(stack, "suppression", "remove", address, "--yes")["removed"]
    assert address not in cli(stack, "suppression", "list")
    cli(stack, "suppression", "remove", address, "--yes", code=1)
    told = cli(stack, "audit")
    assert "unsuppress" in told
    assert address not in told


def test_the_doctor_proves_the_event_path_and_finds_the_stack_well(stack: LocalStack) -> None:
    findings = {finding["check"]: finding["level"] for finding in json_of(stack, "doctor")}
    assert {
        "identity",
        "dkim",
        "access",
        "sending",
        "quota",
        "owner",
        "subscription",
        "events",
    } <= findings.keys()
    assert findings["events"] == "ok"
    assert "fail" not in findings.values()
    assert "doctor-" not in _table_keys(stack)
    assert "warn" in cli(stack, "doctor", "--no-synthetic")


def _table_keys(stack: LocalStack) -> str:
    table = workbench(stack).deployment.outputs["MessagesTableName"]
    pages = (
        stack.client("dynamodb").get_paginator("scan").paginate(TableName=table, ProjectionExpression="pk")
    )
    return " ".join(item["pk"]["S"] for page in pages for item in page["Items"])
