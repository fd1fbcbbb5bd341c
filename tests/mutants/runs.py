"""Each mutant in a copy of the repository of its own, under the tests that must notice it."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.mutants.mutants import Mutant

ROOT = Path(__file__).parents[2]
_NEEDED = ("handlers", "schemas", "statemachine", "ops", "tests", "template.yaml", "pyproject.toml")
#: pytest: https://docs.pytest.org/en/stable/reference/exit-codes.html
_TESTS_FAILED = 1


class MutantError(Exception):
    """It does not apply: the code has moved on."""


@dataclass(frozen=True)
class Verdict:
    mutant: Mutant
    #: killed, survived, or why neither can be said
    state: str
    seconds: float


def run(mutants: Iterable[Mutant], processes: int) -> Iterator[Verdict]:
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(processes) as pool:
        yield from pool.map(partial(_judge, Path(folder)), mutants)


def apply(mutant: Mutant, root: Path) -> None:
    path = root / mutant.path
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.before) != 1:
        raise MutantError(f"{mutant.name}: {mutant.path} has its text {text.count(mutant.before)} times")
    path.write_text(text.replace(mutant.before, mutant.after), encoding="utf-8")


def _judge(folder: Path, mutant: Mutant) -> Verdict:
    began = time.monotonic()
    root = Path(tempfile.mkdtemp(dir=folder))
    for name in _NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root)
    try:
        apply(mutant, root)
    except MutantError as error:
        return Verdict(mutant, str(error), 0.0)
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
        check=False,
    )
    state = {0: "survived", _TESTS_FAILED: "killed"}.get(
        done.returncode, f"pytest ended with {done.returncode}"
    )
    return Verdict(mutant, state, time.monotonic() - began)
