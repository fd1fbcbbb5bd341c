"""`contactflow suppression …`: the account's list of addresses that SES takes mail for and does not write to.

https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
"""

import uuid
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from handlers import clock
from handlers.core import times
from ops.commands import session
from ops.commands.acting import finish_intended
from ops.commands.session import AsJson, Aws, Stack, Yes, confirm, fail, say, say_json
from ops.review import harmless
from ops.review.audit import Row, State, Verb, expires_at
from ops.review.index import masked
from ops.review.workbench import Workbench

app = typer.Typer(no_args_is_help=True, help="Addresses that SES does not write to.")


@app.command("list")
def list_command(stack: Stack = "contactflow", *, aws: Aws = False, as_json: AsJson = False) -> None:
    """All addresses on the account's suppression list, with reason and time.

    Example: contactflow suppression list --json
    """
    with session.workbench(stack, aws=aws) as bench:
        entries = list(_entries(bench))
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
        removed = _remove(bench, address, why)
    if as_json:
        say_json({"address": address, "removed": removed})
    if not removed:
        raise fail(f"{address} is not on the list")
    if not as_json:
        say(f"Removed {address}.")


def _entries(bench: Workbench) -> Iterator[dict[str, str]]:
    client = bench.deployment.client("sesv2")
    page: dict[str, Any] = client.list_suppressed_destinations()
    while True:
        for entry in page["SuppressedDestinationSummaries"]:
            since = times.iso(entry["LastUpdateTime"])
            yield {"address": entry["EmailAddress"], "reason": entry["Reason"], "since": since}
        if not page.get("NextToken"):
            return
        page = client.list_suppressed_destinations(NextToken=page["NextToken"])


def _remove(bench: Workbench, address: str, why: str) -> bool:
    """False if it was not on the list."""
    now = clock.now()
    client = bench.deployment.client("sesv2")
    row = Row(
        actionId=str(uuid.uuid4()),
        verb=Verb.UNSUPPRESS,
        target=masked(address),
        actor=bench.actor,
        at=times.iso(now),
        why=why,
        expiresAt=expires_at(now),
    )
    bench.put_audit(row)
    try:
        client.delete_suppressed_destination(EmailAddress=address)
        state = State.DONE
    except client.exceptions.NotFoundException:
        state = State.REFUSED
    bench.complete_audit(row.actionId, state, times.iso(clock.now()))
    return state is State.DONE
