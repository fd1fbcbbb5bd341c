"""`python -m docs.cli_reference` writes docs/cli.md from the commands themselves; a test compares the two."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from ops.cli import app

PAGE = Path(__file__).parent / "cli.md"
_HEAD = """# The command line

`contactflow` works on the stack that `make run` started on this machine, or with `--aws` on the stack in your account,
by your own credentials. Exit codes: 0 done, 1 it did not work out, 2 wrong usage, 130 stopped by Ctrl-C.
`contactflow --install-completion` sets up your shell. What strangers wrote is printed with control characters and
invisible ones spelled out (`\\x1b`, `\\u202e`); `--json` is plain ASCII.

Every action writes its audit row before it acts, happens only if the message is as you saw it, and can be run again.
A resolved message gets the status `discarded` with the reason `resolved`. Mail goes to the owners' own addresses only:
IAM pins them, so a retry may change the subject and choose among its form's addresses, and no other.

In an account the operator's commands need, on the stack's own resources: `dynamodb:Query`, `GetItem`, `BatchGetItem`,
`PutItem`, `UpdateItem`, `DeleteItem`; `states:StartExecution`; `sqs:GetQueueAttributes`, `ReceiveMessage`,
`DeleteMessage`, `ChangeMessageVisibility`, `SendMessage`; `sns:Publish` and `ListSubscriptionsByTopic`;
`ses:GetAccount`, `GetEmailIdentity` and the three of the suppression list; `cloudformation:DescribeStacks`.
"""


def page() -> str:
    # typer brings its own copy of click, without types.
    root: Any = get_command(app)
    parts = [_HEAD, *(_section(name, command) for name, command in _commands(root, "contactflow"))]
    return "\n".join(parts)


def _commands(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from _commands(command, f"{prefix} {name}")
        else:
            yield f"{prefix} {name}", command


def _section(name: str, command: Any) -> str:
    text, _, example = command.help.partition("Example: ")
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join([name, *(_argument(argument) for argument in arguments), "[OPTIONS]"])
    shown = [parameter for parameter in command.params if parameter.help and not parameter.hidden]
    rows = "\n".join(f"| `{_spelled(parameter)}` | {_cell(parameter.help)} |" for parameter in shown)
    options = f"| | |\n|---|---|\n{rows}\n" if rows else ""
    prose = "\n\n".join(" ".join(part.split()) for part in text.strip().split("\n\n"))
    return f"## {name}\n\n{prose}\n\n```console\n$ {example.strip()}\n```\n\n`{usage}`\n\n{options}"


def _argument(parameter: Any) -> str:
    if parameter.metavar:
        return str(parameter.metavar)
    name = parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _spelled(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return _argument(parameter)
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page())
