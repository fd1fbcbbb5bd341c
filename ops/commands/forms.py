"""`contactflow forms …`: the file of forms, before it is deployed."""

from pathlib import Path
from typing import Annotated

import typer

from ops import forms, forms_file
from ops.commands.session import AsJson, fail, say, say_json
from schemas.forms import Forms

app = typer.Typer(no_args_is_help=True, help="Several forms and owners in one stack: one file.")

File = Annotated[
    Path, typer.Argument(help="The file of forms, YAML or JSON: docs/forms.md.", show_default=False)
]


@app.command()
def check(file: File) -> None:
    """Say what is wrong with the file, line by line, or which form leads where. Exit code 1 if it cannot be deployed.

    Example: contactflow forms check forms.yaml
    """
    for form in read(file):
        second = f", fallback {form.fallback}" if form.fallback else ""
        say(f"{form.id}: {form.origin} → {form.owner}{second} ({form.language})")


@app.command()
def parameters(file: File, *, as_json: AsJson = False) -> None:
    """The stack's parameters for the file, one NAME=VALUE a line, without blanks or quotes, as `sam` takes them.

    Example: contactflow forms parameters forms.yaml
    """
    given = forms.parameters(read(file))
    if as_json:
        say_json(given)
        return
    for name, value in given.items():
        say(f"{name}={value}")


def read(file: Path) -> Forms:
    """Ends the command with exit code 1 and every mistake, if there is one."""
    try:
        return forms_file.read(file)
    except forms_file.FormsFileError as wrong:
        raise fail("\n".join([f"{file} cannot be used", *wrong.problems])) from None
    except OSError as problem:
        raise fail(f"cannot read {file}: {problem.strerror}") from None
