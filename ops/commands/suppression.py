"""`contactflow suppression …`: the account's list of addresses that SES takes mail for and does not write to."""

import uuid
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from ops.commands import session
from ops.commands.acting import finish_intended
from ops.commands.session import AsJson, Aws, Stack, Yes, confirm, fail, say, say_json
from ops.review import harmless, suppression

app = typer.Typer(no_args_is_help=True, help="Addresses that SES does not write to.")


@app.command("list")
def list_command(stack: Stack = "contactflow", *, aws: Aws = False, as_json: AsJson = False) -> None:
    """All addresses on the account's suppression list, with reason and time.

    Example: contactflow suppression list --json
    """
    with session.workbench(stack, aws=aws) as bench:
        entries = list(suppression.entries(bench))
    if as_json:
        say_json(entries)
        return
    table = Table("address", "reason", "since", box=None, pad_edge=False, header_style="bold")
    for entry in entries:
        table.add_row(*(Text(harmless.line(value)) for value in entry.values()))
    session.console().print(table)
    say(f"{len(entries)} suppressed.")


@app.command()
def remove(
    address: Annotated[str, typer.Argument(help="The address as `list` shows it.")],
    stack: Stack = "contactflow",
    why: Annotated[str, typer.Option("--why", help="For the audit. Without personal data, please.")] = "",
    *,
    yes: Yes = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Let SES write to an address again. The audit knows it masked.

    Example: contactflow suppression remove owner@example.com --why "mailbox mended"
    """
    with session.workbench(stack, aws=aws) as bench:
        confirm(f"Let SES write to {harmless.line(address)} again?", yes=yes, as_json=as_json)
        finish_intended(bench)
        removed = suppression.remove(bench, str(uuid.uuid4()), address, why)
    if as_json:
        say_json({"address": address, "removed": removed})
    if not removed:
        raise fail(f"{address} is not on the list")
    if not as_json:
        say(f"Removed {address}.")
