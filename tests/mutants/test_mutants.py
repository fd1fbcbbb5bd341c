"""Whether the tests bite. `python -m tests.mutants` runs every mutant, this the cheapest and all texts."""

import shutil
from pathlib import Path

import pytest

from tests.mutants import runs
from tests.mutants.mutants import MUTANTS, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_still_applies(mutant: Mutant, tmp_path: Path) -> None:
    copy = tmp_path / mutant.path
    copy.parent.mkdir(parents=True)
    shutil.copy(runs.ROOT / mutant.path, copy)
    runs.apply(mutant, tmp_path)


def test_tests_notice_a_defect_in_the_send_protocol() -> None:
    chosen = [mutant for mutant in MUTANTS if mutant.cheap and mutant.path.endswith("sending.py")]
    survivors = [verdict.mutant.name for verdict in runs.run(chosen, 2) if verdict.state != "killed"]
    assert chosen
    assert survivors == []
