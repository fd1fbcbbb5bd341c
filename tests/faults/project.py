"""A copy of the project whose clocks run faster, started with `contactflow up --faults`.

A copy has its own .contactflow/up.json too, so that its `contactflow reconcile` finds its own stack.
"""

import compileall
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.flow import stack
from tests.flow.stack import ROOT, LocalStack

#: (file, text there once, text instead of it)
Edit = tuple[str, str, str]

#: Seconds; template.yaml's smallest is 60, which only CloudFormation checks.
OUTCOME_DEADLINE = 10
#: What would make a run take hours takes seconds; nothing else is changed.
FASTER: tuple[Edit, ...] = (
    ("template.yaml", "VisibilityTimeout: 360", "VisibilityTimeout: 12"),
    ("template.yaml", "VisibilityTimeout: 180", "VisibilityTimeout: 6"),
    # The retries of a throttled send.
    ("statemachine/delivery.asl.json", '"IntervalSeconds": 5,', '"IntervalSeconds": 1,'),
    ("statemachine/delivery.asl.json", '"MaxDelaySeconds": 300,', '"MaxDelaySeconds": 4,'),
    # rate(5 minutes) of the sweeper becomes five seconds.
    ("ops/local/schedule.py", '"minute": 60.0', '"minute": 1.0'),
    ("handlers/sweep.py", "_LONGER_THAN_A_SWEEP = 120", "_LONGER_THAN_A_SWEEP = 2"),
    # How long the sender waits for SES.
    ("handlers/aws/clients.py", "read_timeout=15", "read_timeout=2"),
)
#: The sender with the SDK's own retries, which the real one does without.
SDK_RETRIES: Edit = ("handlers/aws/clients.py", 'retries={"total_max_attempts": 1}, ', "")
_PARTS = ("handlers", "ops", "schemas", "site", "statemachine")


@dataclass(frozen=True)
class Running:
    """A started copy in `tree`; function logs, standard error and all other output are under it."""

    tree: Path
    stack: LocalStack

    def inject(self, fault: str, *, rate: float, limit: int | None) -> None:
        self._control({"faults": {fault: {"rate": rate, "limit": limit}}})

    def seed(self, seed: int) -> None:
        self._control({"seed": seed})

    def report(self) -> dict[str, Any]:
        """ "injected": times by fault, "urls": those that were called."""
        return self._control({})

    def _control(self, order: dict[str, Any]) -> dict[str, Any]:
        answer = self.stack.http.post(f"{self.stack.aws}/_faults", json=order).raise_for_status()
        document: dict[str, Any] = answer.json()
        return document

    def output(self) -> dict[str, str]:
        """File name → text, of everything that functions (logs and metrics), gateway and parent wrote."""
        files = [*self.tree.glob("tmp/contactflow-*/*.log"), self.tree / "stderr.txt"]
        return {file.name: file.read_text() for file in files}

    def contactflow(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ops", *arguments],
            cwd=self.tree,
            env=_environment(self.tree),
            capture_output=True,
            text=True,
            check=False,
        )


def copied(tree: Path, edits: Iterable[Edit]) -> None:
    for part in _PARTS:
        shutil.copytree(ROOT / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "template.yaml", tree)
    (tree / "tmp").mkdir()
    for name, before, after in edits:
        text = (tree / name).read_text()
        assert text.count(before) == 1, f"{name} has not {before!r} once"
        (tree / name).write_text(text.replace(before, after))
    # A folder that nothing is written to while it runs, and that no function compiles anew each time it starts.
    compileall.compile_dir(tree, quiet=1)


@contextmanager
def started(tree: Path) -> Iterator[Running]:
    parameters = (f"OutcomeDeadlineSeconds={OUTCOME_DEADLINE}", "Acknowledgement=on")
    arguments = [text for parameter in parameters for text in ("--parameter", parameter)]
    with (
        (tree / "stderr.txt").open("w") as errors,
        stack.started("--faults", *arguments, cwd=tree, env=_environment(tree), stderr=errors) as running,
    ):
        yield Running(tree, running)


def _environment(tree: Path) -> dict[str, str]:
    return os.environ | {"TMPDIR": str(tree / "tmp"), "PYTHONDONTWRITEBYTECODE": "1"}
