"""`contactflow`: what a person runs. Exit codes: 0 done, 1 it did not work out, 2 wrong usage."""

from typing import Annotated

import typer

app = typer.Typer(
    name="contactflow", no_args_is_help=True, add_completion=True, pretty_exceptions_show_locals=False
)


@app.callback()
def contactflow() -> None:
    """Delivers what people send through a contact form, and can prove it."""


@app.command()
def up(
    port: Annotated[
        int, typer.Option(help="The API's port; site, mailbox and AWS take the next three. 0: any free ones.")
    ] = 8400,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON line with the URLs once everything is ready.")
    ] = False,
    parameter: Annotated[
        list[str] | None, typer.Option(help="Set a parameter of template.yaml: NAME=VALUE. Repeatable.")
    ] = None,
) -> None:
    """Run all of ContactFlow on this machine, without an AWS account. Ctrl-C ends it.

    Example: contactflow up --port 9000 --parameter Acknowledgement=on
    """
    # Imported here: moto takes two seconds that no other command should wait for.
    from ops.local.up import UpFailedError, run  # noqa: PLC0415 - see above

    parameters = dict(_assignment(text) for text in parameter or [])
    try:
        run(port, parameters, as_json=as_json)
    except UpFailedError as problem:
        typer.echo(f"contactflow: {problem}", err=True)
        raise typer.Exit(1) from None


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise typer.BadParameter(f"{text!r} is not NAME=VALUE", param_hint="--parameter")
    return name, value


def main() -> None:
    app(prog_name="contactflow")
