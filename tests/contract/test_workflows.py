"""CI and deployment on GitHub: what the workflows may do, and what they run."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.translated import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: Tag → commit, looked up in each action's own repository on 2026-11-25.
PINNED = {
    "actions/checkout": "3d3c42e5aac5ba805825da76410c181273ba90b1",  # v7.0.1
    "actions/setup-python": "5fda3b95a4ea91299a34e894583c3862153e4b97",  # v7.0.0
    "aws-actions/configure-aws-credentials": "e6de054238d6b7531b4efff3b6587d9aade6a06c",  # v6.2.3
}
PERMISSIONS = {
    "test": {"contents": "read"},
    "audit": {"contents": "read"},
    "deploy": {"contents": "read", "id-token": "write"},
    "release": {"contents": "write"},
}


def _workflow(file: Path) -> dict[Any, Any]:
    read: dict[Any, Any] = yaml.safe_load(file.read_text())
    return read


def _jobs() -> dict[str, dict[str, Any]]:
    return {name: job for file in FILES for name, job in _workflow(file)["jobs"].items()}


STEPS = [(job, step) for job, definition in _jobs().items() for step in definition["steps"]]
RUNS = [step["run"] for _, step in STEPS if "run" in step]


def test_every_action_is_pinned_to_a_commit_that_was_looked_up() -> None:
    used = {tuple(step["uses"].split("@")) for _, step in STEPS if "uses" in step}
    assert used == set(PINNED.items())


def test_a_workflow_may_do_nothing_and_a_job_only_what_is_listed() -> None:
    assert [_workflow(file)["permissions"] for file in FILES] == [{}] * len(FILES)
    assert {name: job["permissions"] for name, job in _jobs().items()} == PERMISSIONS


def test_no_expression_stands_in_a_command_and_no_command_prints_the_environment() -> None:
    for run in RUNS:
        assert "${{" not in run
        assert not re.search(r"\b(echo|printenv|env|set -x|secrets)\b", run)


def test_no_secret_is_named_outside_the_step_that_deploys() -> None:
    for file in FILES:
        named = [line for line in file.read_text().splitlines() if "secrets." in line]
        assert len(named) == (file.name == "deploy.yml")


def test_the_checkout_leaves_no_token_behind() -> None:
    checkouts = [step["with"] for _, step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts == [{"persist-credentials": False}] * len(checkouts)


@pytest.mark.parametrize("run", RUNS)
def test_every_command_exists(run: str) -> None:
    program, *arguments = run.split()
    if program == "make":
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert arguments[0] in targets
    else:
        assert program == "gh" or (ROOT / program).is_file()


def test_tests_run_on_every_python_that_the_project_names() -> None:
    job = _jobs()["test"]
    assert job["strategy"]["matrix"]["python"] == ["3.11", "3.12", "3.13"]
    assert job["env"] == {"BASE_PYTHON": "python${{ matrix.python }}"}
    assert "BASE_PYTHON ?=" in (ROOT / "Makefile").read_text()


def test_a_deployment_waits_for_its_environment_and_takes_a_role_instead_of_a_key() -> None:
    job = _jobs()["deploy"]
    assert job["environment"] == "${{ inputs.environment }}"
    assert "AWS_ACCESS_KEY" not in "".join(file.read_text() for file in FILES)
    [role] = [step["with"] for step in job["steps"] if "configure-aws-credentials" in step.get("uses", "")]
    assert role.keys() == {"role-to-assume", "aws-region"}


def test_a_machine_that_looks_for_known_mistakes_in_workflows_finds_none() -> None:
    zizmor = ROOT / ".venv" / "audit" / "bin" / "zizmor"
    look = ("--offline", "--no-progress", "--persona", "pedantic")
    command = [str(zizmor), *look, str(ROOT / ".github" / "workflows")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
