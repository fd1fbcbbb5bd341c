"""Each patch stands on a fault of moto's. A failure here means: upstream has mended it, or moto has moved."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def seen(fault: str) -> Any:
    """What moto without patches does, in a process of its own."""
    shown = subprocess.run(
        [sys.executable, "-m", "tests.contract.moto_stock", fault],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(shown.stdout)


def test_the_patches_are_written_for_this_version_of_moto() -> None:
    assert version("moto") == "5.2.5"


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        pytest.param("instances", True, id="every instance is kept for ever"),
        pytest.param("publications", 1, id="every published message is kept for ever"),
        pytest.param("scans", 2, id="a send looks at all messages"),
        pytest.param("receive", 2, id="one message goes to two receivers"),
        pytest.param("condition", 2, id="two writers win one condition"),
        pytest.param("transformer", "JSONDecodeError", id="a text in a transformed event has no quotes"),
        pytest.param("invocation", '{"echo": 1}', id="a function echoes its payload"),
    ],
)
def test_stock_moto_still_shows(fault: str, shown: object) -> None:
    assert seen(fault) == shown


def test_stock_moto_still_starts_executions_that_aws_would_not() -> None:
    assert seen("executions") == {
        "name": "None",
        "a name with a slash starts": True,
        "StartTime is JSON": False,
        "EnteredTime ends in Z": False,
        "threads kept": True,
    }


def test_stock_moto_still_interprets_slowly_and_with_its_own_error_names() -> None:
    assert seen("interpreter") == {
        "sesv2": "sesv2",
        "one client for all tasks": False,
        "one parse for all executions": False,
    }
