"""The CLI on the running stack, as a person starts it, and what the tests of it share."""

import json
import os
import shlex
import subprocess
import sys
import uuid
from typing import Any

from typer.testing import CliRunner

from ops.cli import app
from ops.deployment import Deployment
from ops.review.workbench import Workbench
from tests.flow.stack import PATIENCE, ROOT, LocalStack
from tests.runbook import console

PARAMETERS = {"OutcomeDeadlineSeconds": "900", "Acknowledgement": "off", "RetentionDays": "30"}


#: They ask before they act.
ASKING = (
    "dlq deliver",
    "dlq resolve",
    "dlq discard",
    "dlq undo",
    "dlq retry",
    "suppression remove",
    "webhook refire",
)


def environment(stack: LocalStack) -> dict[str, str]:
    keys = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "testing")
    return (
        os.environ
        | keys
        | {"AWS_ENDPOINT_URL": stack.aws, "AWS_DEFAULT_REGION": "us-east-1", "COLUMNS": "80"}
    )


def quick(stack: LocalStack, *arguments: str, code: int = 0) -> str:
    """As `cli`, in this process, which has started already."""
    ended = CliRunner().invoke(app, arguments, env=environment(stack))
    assert ended.exit_code == code, (ended.output, ended.exception)
    return ended.stdout


def follow(stack: LocalStack, chapter: str, beginning: str, code: int = 0, **words: str) -> str:
    """Run the one command of a chapter of docs/runbook.md that begins so, its ID or ADDRESS filled in.

    Return what it printed.
    """
    [line] = [line for line in console(chapter, "contactflow") if line.startswith(beginning)]
    arguments = [words.get(word, word) for word in shlex.split(line)]
    return quick(stack, *arguments, *(("--yes",) if line.startswith(ASKING) else ()), code=code)


def cli(stack: LocalStack, *arguments: str, code: int = 0) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", "ops", *arguments],
        cwd=ROOT,
        env=environment(stack),
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert ended.returncode == code, (ended.stdout, ended.stderr)
    assert b"Traceback" not in ended.stderr
    return ended.stdout.decode()


def json_of(stack: LocalStack, *arguments: str, code: int = 0) -> Any:
    text = cli(stack, *arguments, "--json", code=code)
    assert text.isascii()
    return json.loads(text)


def held(stack: LocalStack, count: int, marker: str) -> list[str]:
    """That many messages in review as suspected spam, with the marker in their text, one after the other."""
    ids = []
    for number in range(count):
        ids.append(stack.accepted(website="x", message=f"{marker} {number}"))
        stack.wait_for(ids[-1], "review")
    return ids


def workbench(stack: LocalStack) -> Workbench:
    [described] = stack.client("cloudformation").describe_stacks(StackName="contactflow")["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    return Workbench(Deployment(outputs, stack.aws, None), PARAMETERS, "tests")


def unique() -> str:
    return uuid.uuid4().hex


def queued(stack: LocalStack) -> str:
    """Everything in ReviewQueue; looked at through a second of invisibility."""
    url = workbench(stack).deployment.outputs["ReviewQueueUrl"]
    bodies = []
    client = stack.client("sqs")
    while received := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=5).get(
        "Messages"
    ):
        bodies += [message["Body"] for message in received]
        for message in received:
            client.change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=5
            )
    return "\n".join(bodies)
