"""What is loaded: a local stack of its own, or an API anywhere."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops.deployment import Deployment, find

_ROOT = Path(__file__).parents[1]
_STACK = "contactflow"


class NotStartedError(Exception):
    """There is no local stack to load. The text says what to do."""


@dataclass(frozen=True)
class Target:
    """`deployment` is None if only the API's URL is known: then there is nothing to count but answers."""

    url: str
    deployment: Deployment | None
    what: str


@contextmanager
def local(*arguments: str) -> Iterator[Target]:
    """`contactflow up` with `arguments`, in a process of its own on free ports, beside any other that runs."""
    process = subprocess.Popen(  # noqa: S603 - our own program and arguments
        [sys.executable, "-m", "ops", "up", "--json", "--port", "0", *arguments],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if process.stdout is None or not (line := process.stdout.readline()):
            raise NotStartedError("The local stack did not start; it said why above.")
        urls = json.loads(line)
        bare = Deployment({}, urls["aws"], urls["mailbox"])
        [described] = bare.client("cloudformation").describe_stacks(StackName=_STACK)["Stacks"]
        outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
        yield Target(
            urls["api"],
            Deployment(outputs, urls["aws"], urls["mailbox"]),
            "the local stack: moto and AWS's Lambda runtime on this machine",
        )
    finally:
        process.terminate()
        process.wait()


def remote(url: str, stack: str | None) -> Target:
    """`url` ends in the stage, as the Output ApiUrl does. Raises NoDeploymentError for a stack that is not there."""
    deployment = find(stack, aws=True) if stack else None
    return Target(url.rstrip("/"), deployment, f"AWS, stack {stack}" if stack else url)
