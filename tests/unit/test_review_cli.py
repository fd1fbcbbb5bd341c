from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from docs import cli_reference
from ops.cli import app


def _commands(group: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, *path, name)
        else:
            yield (*path, name), command


COMMANDS = dict(_commands(get_command(app)))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example_that_names_it(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    assert f"Example: contactflow {' '.join(path)}" in command.help
    assert all(option.help for option in command.params if option.param_type_name == "option")


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_answers_help_and_refuses_an_unknown_option(path: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, [*path, "--help"]).exit_code == 0
    assert CliRunner().invoke(app, [*path, "--no-such-option"]).exit_code == 2


def test_the_reference_is_what_the_commands_say() -> None:
    written = cli_reference.PAGE.read_text()
    assert written == cli_reference.page(), "run: python -m docs.cli_reference"


@pytest.mark.parametrize(
    "arguments",
    [
        ["dlq", "list", "--older-than", "soon"],
        ["dlq", "list", "--where", "shoe=1"],
        ["dlq", "retry", "a", "b", "--subject", "x"],
        ["dlq", "retry", "--where", "reason=x", "--rate", "0"],
        ["dlq", "discard", "a"],
        ["dlq", "export", "review.txt"],
    ],
)
def test_wrong_usage_is_told_before_anything_is_looked_up(arguments: list[str]) -> None:
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 2
