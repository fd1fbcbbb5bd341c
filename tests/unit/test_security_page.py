"""docs/security.md names a test for each control; each is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text()
_TESTS = {
    name
    for path in (ROOT / "tests").rglob("test_*.py")
    if "node_modules" not in path.parts
    for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
}


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", PAGE))))
def test_a_test_that_the_page_names_is_there(name: str) -> None:
    assert name in _TESTS


def test_every_control_names_a_test() -> None:
    rows = PAGE.partition("## Controls")[2].partition("## What")[0].splitlines()
    controls = [row for row in rows if row.startswith("| ")][2:]
    assert len(controls) >= 15
    assert [row for row in controls if "`test_" not in row] == []
