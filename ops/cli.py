"""`contactflow`: what a person runs. Exit codes: 0 done, 1 it did not work out, 2 wrong usage."""

import gc
from pathlib import Path
from typing import Annotated
from urllib.error import URLError

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from handlers import clock
from handlers.core.sweeping import Deadlines
from ops import books, receipt
from ops.commands import console, dlq, dlq_act, doctor, forms, look, suppression, webhook
from ops.commands.session import Aws, Stack
from ops.cost.command import cost
from ops.deployment import NoDeploymentError, find
from ops.forget import forget
from ops.local import ports
from ops.local.ports import PortTakenError
from ops.person import NotAnAddressError, Person

#: template.yaml's defaults, in seconds
DEADLINES = Deadlines(outcome=900, event=86_400)

app = typer.Typer(
    name="contactflow", no_args_is_help=True, add_completion=True, pretty_exceptions_show_locals=False
)


@app.callback()
def contactflow() -> None:
    """Delivers what people send through a contact form, and can prove it."""


@app.command()
def up(
    port: Annotated[
        int,
        typer.Option(
            help="The API's port; site, mailbox, AWS and console take the next four. 0: any free ones."
        ),
    ] = 8400,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON line with the URLs once everything is ready.")
    ] = False,
    parameter: Annotated[
        list[str] | None, typer.Option(help="Set a parameter of template.yaml: NAME=VALUE. Repeatable.")
    ] = None,
    webhook_url: Annotated[
        str, typer.Option("--webhook", help="Post alerts to this address; its secret is told at the start.")
    ] = "",
    forms_file: Annotated[
        Path | None,
        typer.Option(
            "--forms", help="Several forms and owners: docs/forms.md. All on the page of this stack."
        ),
    ] = None,
    faults: Annotated[
        bool, typer.Option("--faults", help="Let POST {aws}/_faults break things: ops/local/faults.")
    ] = False,
    warm: Annotated[
        bool, typer.Option("--warm", help="Start all environments of the functions first, for a load test.")
    ] = False,
) -> None:
    """Run all of ContactFlow on this machine, without an AWS account. Ctrl-C ends it.

    Example: contactflow up --port 9000 --parameter Acknowledgement=on
    """
    # What is loaded now stays loaded: looking through it for garbage would only delay the start.
    gc.disable()
    try:
        ports.check(port)
    except PortTakenError as taken:
        raise _refused(taken) from None
    # Imported here: moto takes two seconds that no other command, and nobody whose port is taken, should wait for.
    from ops.local.up import Options, UpFailedError, run, webhook_parameters  # noqa: PLC0415 - see above

    parameters = webhook_parameters(webhook_url) | dict(_assignment(text) for text in parameter or [])
    chosen = forms.read(forms_file) if forms_file else ()
    try:
        run(Options(port, parameters, chosen, faults, warm), as_json=as_json)
    except PortTakenError as taken:  # meanwhile
        raise _refused(taken) from None
    except UpFailedError as problem:
        typer.echo(f"contactflow: {problem}", err=True)
        raise typer.Exit(1) from None


def _refused(taken: PortTakenError) -> typer.Exit:
    typer.echo(
        f"contactflow: port {taken.port} is taken by another program. Choose others: `contactflow up --port 9000` "
        'uses 9000 to 9004, `--port 0` any free ones (make run ARGS="--port 9000").',
        err=True,
    )
    return typer.Exit(1)


@app.command("reconcile")
def reconcile_command(
    stack: Stack = "contactflow",
    accepted: Annotated[
        Path | None, typer.Option(help="File with one message id a line: those that got a 2xx.")
    ] = None,
    *,
    aws: Aws = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Prove that every accepted message is accounted for. Exit code 1 if one is not.

    Example: contactflow reconcile --accepted ids.txt --json
    """
    try:
        report = books.balance(find(stack, aws=aws), accepted, DEADLINES)
    except NoDeploymentError as problem:
        typer.echo(f"contactflow: {problem}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(books.as_json(report))
    else:
        books.show(report, Console(highlight=False))
    if not report.clean:
        raise typer.Exit(1)


@app.command("forget")
def forget_command(
    address: Annotated[str, typer.Argument(help="The e-mail address that the person gave in the form.")],
    stack: Stack = "contactflow",
    *,
    aws: Aws = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Erase one person from queues, table and local mailbox, and print a receipt. It may be run again.

    Exit code 1 if something was out of reach and it has to be run again.

    Example: contactflow forget ann@example.com --yes
    """
    try:
        person = Person.of(address)
    except NotAnAddressError:
        raise typer.BadParameter("not an address that the form would take", param_hint="ADDRESS") from None
    try:
        deployment = find(stack, aws=aws)
        if not yes:
            typer.confirm(
                f"Erase every message of {person.address}? This cannot be undone.", abort=True, err=True
            )
        given = forget(deployment, person, clock.now())
    except (NoDeploymentError, ClientError, BotoCoreError, URLError) as problem:
        typer.echo(f"contactflow: {problem}", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(receipt.as_json(given))
    else:
        receipt.show(given, Console(highlight=False))
    if not given.complete:
        raise typer.Exit(1)


app.command()(cost)
app.command()(console.console)
for command in dlq_act.COMMANDS:
    dlq.app.command()(command)
app.add_typer(dlq.app, name="dlq")
app.add_typer(suppression.app, name="suppression")
app.add_typer(webhook.app, name="webhook")
app.add_typer(forms.app, name="forms")
app.command()(look.status)
app.command()(look.audit)
app.command()(doctor.doctor)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--parameter")
    return name, value


def main() -> None:
    app(prog_name="contactflow")
