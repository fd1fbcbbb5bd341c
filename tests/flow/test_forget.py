"""A person is forgotten on the running stack, by the command that an operator types."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.flow.stack import ROOT, LocalStack

pytestmark = pytest.mark.xdist_group("stack")

Command = Callable[..., subprocess.CompletedProcess[str]]
CANARY = "canary-3b7e"
TOO_LONG = "x=" + "y" * 1001
ADDRESS = "forget.me@m\u00fcller.example"


@pytest.fixture
def contactflow(stack: LocalStack, tmp_path: Path) -> Command:
    """The command, in a folder where this stack is the one that runs; another test may have started one too."""
    for package in ("handlers", "ops", "schemas"):
        (tmp_path / package).symlink_to(ROOT / package)
    announced = {"aws": stack.aws, "mailbox": stack.mailbox, "pid": stack.process.pid}
    (tmp_path / ".contactflow").mkdir()
    (tmp_path / ".contactflow" / "up.json").write_text(json.dumps(announced))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ops", *arguments]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, input=""
        )

    return run


def _plain(stack: LocalStack, body: str) -> str:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    return str(stack.http.post(f"{stack.api}/form", content=body, headers=headers).json()["messageId"])


def everything_kept(stack: LocalStack) -> str:
    [table] = stack.client("dynamodb").list_tables()["TableNames"]
    items = stack.client("dynamodb").scan(TableName=table)["Items"]
    return json.dumps([items, stack.mails()], ensure_ascii=False)


def test_one_command_erases_a_person_from_table_queue_and_mailbox(
    stack: LocalStack, contactflow: Command
) -> None:
    delivered = stack.accepted(email=ADDRESS, name=CANARY, message=CANARY, subject=CANARY)
    held = stack.accepted(email=ADDRESS.upper().replace("\u00dc", "\u00fc"), message=CANARY, website=CANARY)
    other = stack.accepted(message="I stay.")
    plain = [
        _plain(stack, f"{urlencode({'email': ADDRESS, 'message': CANARY})}&{end}")
        for end in ("x=%zz", TOO_LONG)
    ]
    stack.wait_for(delivered, "delivered")
    for message_id in (held, *plain):
        stack.wait_for(message_id, "review")
    stack.wait_for(other, "delivered")
    assert CANARY in everything_kept(stack)

    answer = contactflow("forget", ADDRESS, "--yes", "--json")
    assert answer.returncode == 0, answer.stderr
    receipt: dict[str, Any] = json.loads(answer.stdout)
    assert (receipt["records"], receipt["review_queue"], receipt["mails"]) == (4, 3, 1)
    assert CANARY not in everything_kept(stack)
    assert "xn--mller-kva" not in everything_kept(stack)
    assert (stack.status(delivered), stack.status(held)) == ("delivered", "discarded")
    assert len(stack.mails(other)) == 1

    again = contactflow("forget", ADDRESS, "--yes")
    assert again.returncode == 0
    assert "Not erased:" in again.stdout

    books = json.loads(contactflow("reconcile", "--json").stdout)
    assert [problem for problem in books["problems"] if problem["message_id"] in (delivered, held)] == []


def test_without_a_yes_nothing_is_erased(stack: LocalStack, contactflow: Command) -> None:
    message_id = stack.accepted(email="stay@example.com")
    stack.wait_for(message_id, "delivered")
    assert contactflow("forget", "stay@example.com").returncode == 1
    assert len(stack.mails(message_id)) == 1


def test_what_is_no_address_is_wrong_usage(stack: LocalStack, contactflow: Command) -> None:
    answer = contactflow("forget", "nobody", "--yes")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "Example: contactflow forget ann@example.com" in contactflow("forget", "--help").stdout
