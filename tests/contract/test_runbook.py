"""An operator who gets an alarm finds it in the runbook, and the commands there exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.translated import of_type

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "runbook.md").read_text()
COMMANDS = sorted(set(re.findall(r"`contactflow ((?:dlq |suppression )?[a-z]+)", PAGE)))


def test_every_alarm_has_its_chapter() -> None:
    assert set(of_type("AWS::CloudWatch::Alarm")) == set(re.findall(r"^## (\w+Alarm)$", PAGE, re.MULTILINE))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_page_exists(command: str) -> None:
    helped = subprocess.run(
        [sys.executable, "-m", "ops", *command.split(), "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert helped.returncode == 0, helped.stderr
