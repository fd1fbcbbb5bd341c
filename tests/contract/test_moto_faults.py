"""Each patch stands on a fault of moto's. A failure here means: upstream has mended it, or moto has moved."""

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

# One worker, which runs it once.
pytestmark = pytest.mark.xdist_group("moto")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What moto without patches does, by fault."""
    shown = subprocess.run(
        [sys.executable, "-m", "tests.contract.moto_stock"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    faults: dict[str, Any] = json.loads(shown.stdout)
    return faults


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
def test_stock_moto_still_shows(seen: dict[str, Any], fault: str, shown: object) -> None:
    assert seen[fault] == shown


def test_stock_moto_still_starts_executions_that_aws_would_not(seen: dict[str, Any]) -> None:
    assert seen["executions"] == {
        "name": "None",
        "a name with a slash starts": True,
        "StartTime is JSON": False,
        "EnteredTime ends in Z": False,
        "threads kept": True,
    }


def test_stock_moto_still_interprets_slowly_and_with_its_own_error_names(seen: dict[str, Any]) -> None:
    assert seen["interpreter"] == {
        "sesv2": "sesv2",
        "one client for all tasks": False,
        "one parse for all executions": False,
    }
