"""`contactflow webhook …`: alerts that the webhook's receiver did not take, and a test of the way."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from ops import webhook
from ops.commands import session
from ops.commands.acting import finish_intended
from ops.commands.session import INTERRUPTED, AsJson, Aws, Stack, Yes, confirm, fail, say, say_json, warn
from ops.review import harmless
from ops.review.bulk import stopped_by_ctrl_c
from ops.review.workbench import Workbench
from ops.webhook import GivenUp

app = typer.Typer(no_args_is_help=True, help="Alerts that the webhook's receiver did not take.")


@app.command("list")
def list_command(stack: Stack = "contactflow", *, aws: Aws = False, as_json: AsJson = False) -> None:
    """Alerts that 15 tries in 24 hours did not bring to the receiver. Kept for 14 days.

    Example: contactflow webhook list
    """
    with session.workbench(stack, aws=aws) as bench:
        letters = _given_up(bench)
    if as_json:
        say_json([asdict(letter) for letter in letters])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    # An id is copied into a command, so it is never cut.
    table.add_column("alert", no_wrap=True, min_width=36)
    table.add_column("published")
    table.add_column("text", overflow="fold")
    for letter in letters:
        table.add_row(*(Text(harmless.line(value)) for value in (letter.alert_id, letter.at, letter.text)))
    session.console().print(table)
    say(f"{len(letters)} given up.")


@app.command()
def refire(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Alert ids; none: all.")] = None,
    stack: Stack = "contactflow",
    why: Annotated[str, typer.Option("--why", help="For the audit. Without personal data, please.")] = "",
    *,
    yes: Yes = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Send given-up alerts again, under the ids they had, for another 15 tries. Ctrl-C stops after the current one.

    Example: contactflow webhook refire --why "receiver mended"
    """
    wanted = frozenset(ids or [])
    with session.workbench(stack, aws=aws) as bench:
        letters = [letter for letter in _given_up(bench) if not wanted or letter.alert_id in wanted]
        if missing := wanted - {letter.alert_id for letter in letters}:
            raise fail(f"not given up: {', '.join(sorted(missing))}")
        if letters:
            confirm(f"Send {len(letters)} again?", yes=yes, as_json=as_json)
        finish_intended(bench)
        with stopped_by_ctrl_c() as stop:
            done = (
                list(webhook.refire(bench, {letter.alert_id for letter in letters}, why, stop))
                if letters
                else []
            )
    if as_json:
        say_json([asdict(letter) for letter in done])
    else:
        say(f"Sent {len(done)} again.")
    if len(done) < len(letters):
        warn(f"{len(letters) - len(done)} left: the same command goes on with them")
        raise typer.Exit(INTERRUPTED if stop.is_set() else 1)


@app.command("test")
def fire(stack: Stack = "contactflow", *, aws: Aws = False, as_json: AsJson = False) -> None:
    """Publish a test alert to all subscribers: webhook, mail, SMS.

    Example: contactflow webhook test
    """
    with session.workbench(stack, aws=aws) as bench:
        alert_id = webhook.fire_test(bench)
    if as_json:
        say_json({"alertId": alert_id})
    else:
        say(f"Published {alert_id}; the webhook's header webhook-id says the same.")


def _given_up(bench: Workbench) -> list[GivenUp]:
    try:
        return webhook.given_up(bench)
    except webhook.WebhookOffError as problem:
        raise fail(str(problem)) from None
