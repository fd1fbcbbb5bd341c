"""docs/claims.md and the README name commands and numbers; both have to be there."""

import re

import pytest

from ops.cost.counted import ROOT, count
from ops.cost.model import Load, bill
from ops.cost.report import totals

PAGE = (ROOT / "docs" / "claims.md").read_text()
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\b(?:tests|loadtest)/[\w/.-]+\w", PAGE))))
def test_what_the_page_points_to_is_there(path: str) -> None:
    assert "node_modules" in path or (ROOT / path).exists()


@pytest.mark.parametrize("module", sorted(set(re.findall(r"python -m ([\w.]+)", PAGE))))
def test_a_module_that_the_page_runs_is_there(module: str) -> None:
    path = ROOT / module.replace(".", "/")
    assert path.with_suffix(".py").exists() or (path / "__main__.py").exists()


@pytest.mark.parametrize("page", [PAGE, README], ids=["claims", "readme"])
def test_the_prices_on_the_page_are_those_of_the_bill(page: str) -> None:
    lines = bill(Load(1_000, 30_000), count())
    idle = bill(Load(0, 0), count())
    for figure in (*totals(lines), *totals(idle)):
        assert f"${figure:.2f}" in page


def test_the_faults_that_the_readme_counts_are_those_of_the_last_run() -> None:
    last_run = (ROOT / "docs" / "reliability.md").read_text()
    [counted] = re.findall(r"Of ([\d,]+) posts under ([\d,]+)\s+injected\s+faults\s+and (\d+) kills", README)
    assert f"{counted[1]} faults" in last_run
    assert all(figure in last_run for figure in counted)
