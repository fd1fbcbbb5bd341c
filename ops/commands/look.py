"""`contactflow status ID` and `contactflow audit`: a message's whole story, and who did what."""

from typing import Annotated

import typer

from ops.commands import session
from ops.commands.dlq import existing
from ops.commands.session import AsJson, Aws, Stack, say, say_json
from ops.review import index, render
from ops.review.audit import State


def status(
    message_id: str, stack: Stack = "contactflow", *, aws: Aws = False, as_json: AsJson = False
) -> None:
    """A message's whole timeline, from the click to the recipient's mail server, one line an entry.

    Example: contactflow status 0b5f2c1e-6f0a-4e4b-9a53-0a7f4f0f5f11
    """
    with session.workbench(stack, aws=aws) as bench:
        item = existing(bench, message_id)
    if as_json:
        say_json(
            index.as_dict(item) | {"timeline": [entry.model_dump() for entry in index.timeline(item.record)]}
        )
    else:
        say(f"{render.heading(item)}\n\n{render.story(item)}")


def audit(
    message_id: Annotated[str, typer.Argument(help="Only what was done to this message.")] = "",
    stack: Stack = "contactflow",
    limit: Annotated[int, typer.Option(min=1, help="The newest so many.")] = 50,
    *,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Who did what to which message, when and why, the newest first. Kept for 400 days.

    Example: contactflow audit --limit 10 --json
    """
    with session.workbench(stack, aws=aws) as bench:
        rows = [row for row in bench.table.audit_rows(*State) if message_id in ("", row.target)]
    newest = sorted(rows, key=lambda row: row.at, reverse=True)[:limit]
    if as_json:
        say_json([row.model_dump(mode="json", exclude={"subject"}) for row in newest])
    else:
        say(render.audit(newest) if newest else "Nothing was done yet.")
