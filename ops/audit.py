"""`make audit`: does a public list know a vulnerability of anything that is locked here. Silence is no answer."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: https://google.github.io/osv.dev/post-v1-query/
OSV = "https://api.osv.dev/v1/query"
PIP_AUDIT = (
    *(str(ROOT / ".venv" / "audit" / "bin" / "pip-audit"), "--disable-pip", "--require-hashes", "--strict"),
    *("--progress-spinner", "off", "--format", "json", "--vulnerability-service", "osv", "--osv-url"),
)
NPM_AUDIT = ("npm", "audit", "--json", "--package-lock-only", "--fetch-retries", "0")


class NotAuditedError(Exception):
    """The tool ended without a verdict, as it does when its vulnerability service does not answer."""


def main(locks: list[Path]) -> int:
    """Exit code 0: everything was asked and nothing found; 1: something was found, or could not be asked."""
    verdicts = [(lock, _verdict(lock)) for lock in locks]
    for lock, found in verdicts:
        print(f"{lock.name}: {found or 'nothing known against it'}", flush=True)
    return 1 if any(found for _, found in verdicts) else 0


def _verdict(lock: Path) -> str:
    """The lines to print, "" if nothing is known against what the lock names."""
    try:
        found = list((_python if lock.suffix == ".txt" else _node)(lock))
    except NotAuditedError as problem:
        return f"NOT AUDITED, the vulnerability service gave no answer: {problem}"
    return "\n".join(["VULNERABLE", *found]) if found else ""


def _python(lock: Path) -> Iterator[str]:
    """A line for each vulnerability."""
    for package in _asked([*PIP_AUDIT, os.environ.get("OSV_URL", OSV), "--requirement", str(lock)], ROOT)[
        "dependencies"
    ]:
        for vulnerability in package["vulns"]:
            mended = ", ".join(vulnerability["fix_versions"]) or "no version yet"
            yield f"  {package['name']} {package['version']}: {vulnerability['id']}, mended in {mended}"


def _node(lock: Path) -> Iterator[str]:
    answer = _asked([*NPM_AUDIT], lock.parent)
    if "vulnerabilities" not in answer:
        raise NotAuditedError(str(answer.get("message") or answer.get("error")))
    for name, vulnerability in answer["vulnerabilities"].items():
        yield f"  {name} {vulnerability['range']}: {vulnerability['severity']}"


def _asked(command: list[str], folder: Path) -> dict[str, Any]:
    """What the tool prints as JSON. It exits with 1 for a vulnerability as for a network that is not there."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise NotAuditedError((done.stderr.strip().splitlines() or ["it said nothing"])[-1][:160]) from None
    return answer


if __name__ == "__main__":
    sys.exit(main([Path(name).absolute() for name in sys.argv[1:]]))
