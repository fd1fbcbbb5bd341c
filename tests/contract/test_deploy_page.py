"""docs/deploy.md and the README's part on it: every command there exists, with its options, and every name is ours."""

import re
import shlex
import subprocess
import sys

import pytest

from ops.deploy.parameters import VARIABLES
from tests.contract import aws_cli
from tests.contract.test_upgrade import KEPT
from tests.contract.translated import ROOT, template

PAGE = (ROOT / "docs" / "deploy.md").read_text()
README = (ROOT / "README.md").read_text().partition("## Deploy")[2].partition("\n## ")[0]
MAKEFILE = (ROOT / "Makefile").read_text()


def _commands() -> list[str]:
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", PAGE + README, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    inline = [
        c
        for c in re.findall(r"`([^`\n]+)`", PAGE + README)
        if c.startswith(("make ", "aws ", ".venv/", "contactflow "))
    ]
    return sorted({line for line in (*lines, *inline) if line})


COMMANDS = _commands()


def _of(program: str) -> list[list[str]]:
    words = [shlex.split(command, comments=True) for command in COMMANDS]
    return [arguments for first, *arguments in words if first == program]


def test_the_page_has_commands() -> None:
    assert len(COMMANDS) > 20


def test_every_program_is_one_that_the_page_may_use() -> None:
    known = {
        "aws",
        "contactflow",
        "curl",
        "export",
        "git",
        "make",
        "sed",
        ".venv/bin/python",
        ".venv/sam/bin/sam",
    }
    assert {shlex.split(command, comments=True)[0] for command in COMMANDS} <= known


@pytest.mark.parametrize("arguments", _of("make"), ids=" ".join)
def test_every_make_target_exists_and_every_variable_is_read(arguments: list[str]) -> None:
    target, *rest = arguments
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
    read = {"ENV", "FORMS", "PARAMETERS", "YES", "ANYWAY"} | VARIABLES.keys()
    assert {word.partition("=")[0] for word in rest} <= read


OURS = [a[2:] for a in _of(".venv/bin/python") if a[:2] == ["-m", "ops"]] + _of("contactflow")


@pytest.mark.parametrize("arguments", OURS, ids=" ".join)
def test_every_command_of_ours_exists_with_its_options(arguments: list[str]) -> None:
    words = [a for a in arguments if re.fullmatch(r"[a-z]+", a)]
    name = words[:2] if words[0] in ("dlq", "forms", "suppression") else words[:1]
    command = [sys.executable, "-m", "ops", *name, "--help"]
    helped = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert helped.returncode == 0, helped.stderr
    for option in (a for a in arguments if a.startswith("--")):
        assert option in helped.stdout


@pytest.mark.parametrize("arguments", _of("aws"), ids=lambda a: " ".join(a[:2]))
def test_every_aws_command_exists_with_its_options(arguments: list[str]) -> None:
    assert aws_cli.wrong(arguments) == []


def test_every_variable_of_make_deploy_is_explained() -> None:
    rows = set(re.findall(r"^\| `([A-Z]+)` \|", PAGE, re.MULTILINE))
    assert rows == {"ENV", "FORMS", "PARAMETERS", "YES"} | VARIABLES.keys()


def test_every_parameter_that_the_page_sets_is_the_templates() -> None:
    named = set(re.findall(r"\b([A-Z][a-z]+[A-Z][A-Za-z]+)=", PAGE + README)) | {"Acknowledgement"}
    assert named <= template()["Parameters"].keys()


def test_everything_that_outlives_the_stack_is_in_the_table() -> None:
    rows = re.findall(r"^\| ([^|]+) \|[^|]+\|[^|]+\|$", PAGE.partition("## 10.")[2], re.MULTILINE)
    named = {name for row in rows for name in row.split(", ")} - {"stays", "---"}
    log_role = {"ApiGatewayAccount", "ApiGatewayLogRoleForAccount"}
    assert named == (KEPT - log_role) | {"API Gateway's log role"}
