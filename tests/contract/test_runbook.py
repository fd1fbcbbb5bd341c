"""An operator who gets an alarm finds it in the runbook, and the commands there exist."""

import re
import shlex
from typing import Any

import pytest
from typer.main import get_command

from ops.cli import app
from tests.contract import aws_cli
from tests.contract.translated import of_type, resource, template
from tests.runbook import CHAPTERS, PAGE, console, inline

COMMANDS = sorted({*inline(), *(line for chapter in CHAPTERS for line in console(chapter, "contactflow"))})
OF_AWS = sorted(line for chapter in CHAPTERS for line in console(chapter, "aws"))
OF_MAKE = sorted(line for chapter in CHAPTERS for line in console(chapter, "make"))
LOG_GROUPS = sorted(set(re.findall(r"aws logs tail (\S+)", PAGE)))


def test_every_alarm_has_its_chapter() -> None:
    assert set(of_type("AWS::CloudWatch::Alarm")) == {name for name in CHAPTERS if name.endswith("Alarm")}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_names_a_command(chapter: str) -> None:
    assert console(chapter, "contactflow")


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_page_exists_with_its_options(line: str) -> None:
    # typer brings its own copy of click, without types.
    command: Any = get_command(app)
    words = shlex.split(line)
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    # Parsed, not run; what is wrong raises click's UsageError.
    command.make_context(line, words)


@pytest.mark.parametrize("line", OF_AWS)
def test_every_aws_command_exists_with_its_options_and_their_values(line: str) -> None:
    assert aws_cli.wrong(shlex.split(line)) == []


@pytest.mark.parametrize(
    "line", ["stepfunctions list-executions --status-filter LOST", "logs tail /x --sinse 1h"]
)
def test_an_aws_command_that_aws_would_refuse_is_noticed(line: str) -> None:
    assert len(aws_cli.wrong(shlex.split(line))) == 1


@pytest.mark.parametrize("line", OF_MAKE)
def test_every_deployment_of_the_page_sets_a_parameter_of_the_template(line: str) -> None:
    target, environment, parameters = shlex.split(line)
    assert (target, environment) == ("deploy", "ENV=prod")
    [(name, _value)] = [pair.split("=") for pair in parameters.removeprefix("PARAMETERS=").split()]
    assert name in template()["Parameters"]


def test_a_line_of_the_page_is_one_that_is_checked() -> None:
    programs = set(re.findall(r"^\$ (\S+)", PAGE, re.MULTILINE))
    assert programs <= {"contactflow", "aws", "make"}
    assert OF_AWS
    assert OF_MAKE


@pytest.mark.parametrize("name", LOG_GROUPS)
def test_every_log_that_the_page_reads_is_one_of_the_template(name: str) -> None:
    groups = [resource(group)["LogGroupName"]["Fn::Sub"] for group in of_type("AWS::Logs::LogGroup")]
    assert name in [group.replace("${AWS::StackName}", "contactflow") for group in groups]
    assert len(LOG_GROUPS) >= 4
