"""The two sides, on one machine and before one SES: the local stack, and the synchronous handler behind its front."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ops.local.ses.store import CAPACITY
from ops.local.up import EVENT_DELAY
from tests.flow.stack import ROOT, LocalStack

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LOOK_EVERY = 0.25
#: Longer than from a mail to its last event.
_QUIET = EVENT_DELAY + 0.5


@contextmanager
def synchronous(aws: str, environments: int) -> Iterator[str]:
    """The URL of the synchronous handler; each environment is started when a request needs it."""
    started = [sys.executable, "-m", "loadtest.bench.synchronous", aws, str(environments)]
    # It ends when its standard input does, which leaving the block closes.
    with subprocess.Popen(  # noqa: S603 - our own module
        started, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        if process.stdout is None or not (line := process.stdout.readline()):
            raise RuntimeError("the synchronous handler's front did not start")
        yield json.loads(line)["url"]


class Drain:
    """Waits for the stack's messages. Looking must cost little: it takes the time that is measured."""

    def __init__(self, stack: LocalStack) -> None:
        self._sqs, self._ses, self._table = (stack.client(name) for name in ("sqs", "sesv2", "dynamodb"))
        [described] = stack.client("cloudformation").describe_stacks(StackName="contactflow")["Stacks"]
        self._outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    def wait(self, mails: int, patience: float = 300.0) -> float:
        """Seconds until SES has taken so many mails in all and every event of theirs is in the table.

        Raises TimeoutError when nothing moves any more.
        """
        began = moved = time.monotonic()
        quiet, last = None, (-1, -1)
        while True:
            now = time.monotonic()
            waiting = self._waiting()
            # Counting goes through all mails, so it is left for when nothing waits.
            state = (waiting, 0 if waiting else self.sent())
            if state != last:
                last, moved = state, now
            quiet = (quiet or now) if waiting == 0 and state[1] >= min(mails, CAPACITY) else None
            if quiet and now - quiet > _QUIET:
                return quiet - began
            if now - moved > patience:
                raise TimeoutError(f"{self.sent()} of {mails} mails sent, and nothing moves")
            time.sleep(_LOOK_EVERY)

    def sent(self) -> int:
        return int(self._ses.get_account()["SendQuota"]["SentLast24Hours"])

    def _waiting(self) -> int:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        told = [
            self._sqs.get_queue_attributes(QueueUrl=self._outputs[queue], AttributeNames=names)["Attributes"]
            for queue in ("IntakeQueueUrl", "EventsQueueUrl")
        ]
        return sum(int(number) for attributes in told for number in attributes.values())

    def delivered(self) -> int:
        """Counted in the table, which takes the local one a millisecond and more a message."""
        pages = self._table.get_paginator("query").paginate(
            TableName=self._outputs["MessagesTableName"],
            IndexName="byStatus",
            Select="COUNT",
            KeyConditionExpression="#status = :delivered",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":delivered": {"S": "delivered"}},
        )
        return sum(page["Count"] for page in pages)


def order(stack: LocalStack, **wanted: Any) -> None:
    """Tell SES how to behave from now on."""
    stack.http.post(f"{stack.mailbox}/api/next", json=wanted).raise_for_status()


def clear(stack: LocalStack) -> None:
    stack.http.delete(f"{stack.mailbox}/api/next").raise_for_status()


def cpu_seconds(pid: int) -> float:
    """User and system time of a living process: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_bytes(pid: int) -> int:
    return int(_stat(pid)[21]) * _PAGE


def children(pid: int) -> list[int]:
    """Of a living process, and theirs."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    found = [int(child) for task in tasks for child in task.read_text().split()]
    return found + [below for child in found for below in children(child)]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
