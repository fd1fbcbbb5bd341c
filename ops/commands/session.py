"""What every operator's command shares: its options, the workbench, and how it ends.

Exit codes: 0 done, 1 it did not work out, 2 wrong usage, 130 stopped by Ctrl-C.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from ops.deployment import NoDeploymentError, find
from ops.review import harmless
from ops.review.workbench import Workbench, over

Stack = Annotated[str, typer.Option(help="Name of the CloudFormation stack.")]
Aws = Annotated[bool, typer.Option("--aws", help="The stack in your AWS account, even if one runs locally.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, in ASCII.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

INTERRUPTED = 130


def console() -> Console:
    """No markup, no emoji codes: what is printed may come from strangers."""
    return Console(markup=False, emoji=False, highlight=False, soft_wrap=False)


def say(text: str = "") -> None:
    """A line for people, harmless whatever is in it."""
    typer.echo(harmless.block(text))


def warn(text: str) -> None:
    typer.echo(f"contactflow: {harmless.block(text)}", err=True)


def say_json(document: Any) -> None:
    typer.echo(json.dumps(document))


def fail(text: str, code: int = 1) -> typer.Exit:
    """To be raised."""
    warn(text)
    return typer.Exit(code)


@contextmanager
def workbench(stack: str, *, aws: bool) -> Iterator[Workbench]:
    """The workbench on the deployment; whatever AWS refuses ends the command with exit code 1 and its words."""
    try:
        yield over(find(stack, aws=aws), stack)
    except (NoDeploymentError, ClientError, BotoCoreError) as problem:
        raise fail(str(problem)) from None


def confirm(question: str, *, yes: bool, as_json: bool) -> None:
    """Ask, unless told not to; without a person to ask, say what to do."""
    if yes:
        return
    if as_json or not sys.stdin.isatty():
        raise fail("nobody is there to confirm: add --yes, or --dry-run to see what would happen", 2)
    if not typer.confirm(question, err=True):
        raise fail("nothing was done")
