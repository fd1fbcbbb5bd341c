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

from tests.flow.stack import ROOT, LocalStack

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_LOOK_EVERY = 0.25


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
    """What of the stack's messages has been delivered, by the table's index."""

    def __init__(self, stack: LocalStack) -> None:
        self._client = stack.client("dynamodb")
        described = stack.client("cloudformation").describe_stacks(StackName="contactflow")["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    def delivered(self) -> int:
        pages = self._client.get_paginator("query").paginate(
            TableName=self.outputs["MessagesTableName"],
            IndexName="byStatus",
            Select="COUNT",
            KeyConditionExpression="#status = :delivered",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":delivered": {"S": "delivered"}},
        )
        return sum(page["Count"] for page in pages)

    def wait(self, expected: int, patience: float = 300.0) -> float:
        """Seconds until so many messages in all are delivered. Raises TimeoutError when nothing moves any more."""
        began = moved = time.monotonic()
        last = -1
        while (now := self.delivered()) < expected:
            if now != last:
                last, moved = now, time.monotonic()
            if time.monotonic() - moved > patience:
                raise TimeoutError(f"{now} of {expected} messages delivered, and nothing moves")
            time.sleep(_LOOK_EVERY)
        return time.monotonic() - began


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
