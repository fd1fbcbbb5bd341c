"""Runs Artillery, the real one: npm's `artillery`, pinned in package-lock.json."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_ARTILLERY = _HERE / "node_modules" / ".bin" / "artillery"


class NoArtilleryError(Exception):
    """It is not installed. The text says what to do."""


@dataclass(frozen=True)
class Run:
    """`exit_code` is not 0 if a threshold of the scenario's `ensure` was missed."""

    exit_code: int
    counters: dict[str, int]
    #: milliseconds to the first byte: min, max, mean, median, p95, p99 …
    response_time: dict[str, float]
    #: seconds from the first to the last request
    seconds: float


def run(script: Path, folder: Path) -> Run:
    """Artillery shows its progress itself. Raises NoArtilleryError, or CalledProcessError without a report."""
    if not _ARTILLERY.exists():
        raise NoArtilleryError(
            "Artillery is not installed: `npm ci --prefix loadtest` (Node 18.16 or newer)."
        )
    report = folder / "artillery.json"
    samples = folder / "samples"
    samples.mkdir()
    environment = os.environ | {"ARTILLERY_DISABLE_TELEMETRY": "true", "LOADTEST_SAMPLES": str(samples)}
    # The processor is loaded by its absolute path, Artillery's modules by this folder.
    ended = subprocess.run(  # noqa: S603 - our own script, no shell
        [str(_ARTILLERY), "run", "--output", str(report), str(script)],
        cwd=_HERE,
        env=environment,
        check=False,
    )
    if not report.exists():
        raise subprocess.CalledProcessError(ended.returncode, "artillery")
    return read(report, ended.returncode)


def read(report: Path, exit_code: int) -> Run:
    aggregate: dict[str, Any] = json.loads(report.read_text())["aggregate"]
    counters = {name: int(number) for name, number in aggregate["counters"].items()}
    response_time = aggregate["summaries"].get("http.response_time", {})
    first, last = aggregate.get("firstMetricAt", 0), aggregate.get("lastMetricAt", 0)
    return Run(exit_code, counters, response_time, (last - first) / 1000)
