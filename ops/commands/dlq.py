"""`contactflow dlq …`: the review queue, by its records. Looking receives nothing; acting is audited first."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from ops.commands import session
from ops.commands.session import AsJson, Aws, Stack, fail, say, say_json, warn
from ops.review import export, index, render, selection
from ops.review.index import Item
from ops.review.selection import Selection, SelectionError
from ops.review.workbench import Workbench
from schemas.record import Status

app = typer.Typer(no_args_is_help=True, help="Work on the messages that need a person.")

Where = Annotated[
    list[str] | None,
    typer.Option(help="reason=…, fingerprint=…, older-than=2d or text=…; repeat it, and all must hold."),
]
Reason = Annotated[str, typer.Option(help="Only those held for this reason.")]
OlderThan = Annotated[str, typer.Option(help="Only those accepted longer ago: 90s, 15m, 2h, 3d.")]
Text = Annotated[str, typer.Option(help="Only those with this text in message, id or cause.")]


def selected(conditions: Iterable[str]) -> Selection:
    """Ends the command with exit code 2 if they are wrong."""
    try:
        return selection.parse(conditions)
    except SelectionError as problem:
        raise typer.BadParameter(str(problem)) from None


def _conditions(where: list[str] | None, **named: str) -> Selection:
    named_too = [f"{name.replace('_', '-')}={value}" for name, value in named.items() if value]
    return selected([*(where or []), *named_too])


@app.command("list")
def list_command(  # noqa: PLR0913 - a person's options
    stack: Stack = "contactflow",
    reason: Reason = "",
    older_than: OlderThan = "",
    text: Text = "",
    where: Where = None,
    state: Annotated[
        Status, typer.Option(help="Another status than review, such as discarded.")
    ] = Status.REVIEW,
    *,
    group: Annotated[
        bool, typer.Option("--group", help="One line per cause, with count and sample.")
    ] = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """What waits for a person, the longest waiting first. Nothing is received from SQS.

    Example: contactflow dlq list --group --older-than 1d
    """
    wanted = _conditions(where, reason=reason, older_than=older_than, text=text)
    with session.workbench(stack, aws=aws) as bench:
        everything = bench.items(state)
        found = [item for item in everything if wanted.takes(item)]
        if state is Status.REVIEW:
            _warn_of_unindexed(bench, len(everything))
    if as_json and group:
        say_json([_group_as_dict(held) for held in index.groups(found)])
    elif as_json:
        say_json([index.as_dict(item) for item in found])
    else:
        session.console().print(render.groups(index.groups(found)) if group else render.items(found))
        say(f"{len(found)} of {len(everything)} in {state}.")


def _group_as_dict(group: index.Group) -> dict[str, object]:
    sample = group.sample
    return {
        "fingerprint": sample.fingerprint,
        "cause": sample.cause,
        "count": len(group.items),
        "oldestAcceptedAt": sample.record.acceptedAt,
        "sample": sample.message_id,
    }


def _warn_of_unindexed(bench: Workbench, records: int) -> None:
    depth = bench.review_depth()
    if depth > records:
        warn(
            f"the queue holds {depth} messages for {records} records: `contactflow dlq sweep` indexes or removes"
        )


@app.command()
def show(
    message_id: str,
    stack: Stack = "contactflow",
    *,
    body: Annotated[bool, typer.Option("--body", help="Print what the visitor wrote, too.")] = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """One message: its cause, its timeline, and with --body what the visitor wrote.

    Example: contactflow dlq show 0b5f2c1e-6f0a-4e4b-9a53-0a7f4f0f5f11 --body
    """
    with session.workbench(stack, aws=aws) as bench:
        item = existing(bench, message_id)
    if as_json:
        story = [entry.model_dump() for entry in index.timeline(item.record)]
        text = {"submission": item.record.submission} if body else {}
        say_json(index.as_dict(item) | {"timeline": story} | text)
        return
    say(f"{render.heading(item)}\n\n{render.story(item)}")
    if body:
        say(f"\n{render.body(item)}")


def existing(bench: Workbench, message_id: str) -> Item:
    item = bench.item(message_id)
    if item is None:
        raise fail(f"there is no message {message_id}")
    return item


@app.command("export")
def export_command(
    target: Annotated[Path, typer.Argument(help="A file ending in .jsonl or .csv; it must not exist.")],
    stack: Stack = "contactflow",
    where: Where = None,
    state: Annotated[Status, typer.Option(help="Another status than review.")] = Status.REVIEW,
    *,
    body: Annotated[bool, typer.Option("--body", help="With address, name, subject and message.")] = False,
    aws: Aws = False,
) -> None:
    """Write review items to a file: JSON lines, or CSV in which no cell is a formula.

    Example: contactflow dlq export review.csv --where reason=honeypot_filled --body
    """
    formats = {".jsonl": export.jsonl, ".csv": export.spreadsheet}
    if target.suffix not in formats:
        raise typer.BadParameter("must end in .jsonl or .csv", param_hint="TARGET")
    wanted = selected(where or [])
    with session.workbench(stack, aws=aws) as bench:
        found = [item for item in bench.items(state) if wanted.takes(item)]
    try:
        # It may hold personal data: only its owner may read it.
        target.touch(mode=0o600, exist_ok=False)
        target.write_text(formats[target.suffix](found, body=body), encoding="utf-8", newline="")
    except OSError as problem:
        raise fail(f"cannot write {target}: {problem.strerror}") from None
    say(f"Wrote {len(found)} items to {target}.")


@app.command()
def sweep(
    stack: Stack = "contactflow",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Compare the queue with the records: index what SQS moved there by itself, remove what is closed.

    This is the only command that receives from the queue; what it does not remove is given back at once.

    Example: contactflow dlq sweep --dry-run
    """
    with session.workbench(stack, aws=aws) as bench:
        swept = bench.sweeping(dry_run=dry_run).run()
    if as_json:
        say_json(vars(swept) | {"dryRun": dry_run})
        return
    done = "Would index" if dry_run else "Indexed"
    say(f"{done} {len(swept.indexed)}, removed {len(swept.removed)}, kept {swept.kept}.")
