"""Each mutant in a copy of the repository of its own, under the tests that must notice it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutants import Mutant

ROOT = Path(__file__).parents[2]
_NEEDED = ("handlers", "schemas", "statemachine", "tests", "template.yaml", "pyproject.toml")
#: pytest: https://docs.pytest.org/en/stable/reference/exit-codes.html
_TESTS_FAILED = 1


class MutantError(Exception):
    """It does not apply, or its tests do not run: the code has moved on."""


@dataclass(frozen=True)
class Verdict:
    mutant: Mutant
    killed: bool
    seconds: float
    output: str


def run(mutants: Iterable[Mutant], processes: int) -> list[Verdict]:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        return list(
            pool.map(lambda numbered: _judge(numbered[1], Path(folder, str(numbered[0]))), enumerate(mutants))
        )


def apply(mutant: Mutant, root: Path) -> None:
    path = root / mutant.path
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.before) != 1:
        raise MutantError(f"{mutant.name}: {mutant.path} has its text {text.count(mutant.before)} times")
    path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")


def _judge(mutant: Mutant, root: Path) -> Verdict:
    began = time.monotonic()
    root.mkdir()
    for name in _NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root)
    apply(mutant, root)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
            *mutant.killers,
        ],
        cwd=root,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, _TESTS_FAILED):
        raise MutantError(f"{mutant.name}: pytest ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return Verdict(mutant, done.returncode == _TESTS_FAILED, time.monotonic() - began, done.stdout)
