"""Scanners of other people over a translated template; each returns (rule, logical id) of what it finds wrong."""

import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_GUARD = Path(__file__).parent / "node_modules" / "@cdklabs" / "cdk-validator-cfnguard"
_SYSTEMS = {"Linux": "ubuntu", "Darwin": "macos"}
_MACHINES = {"x86_64": "x86_64", "AMD64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}
#: cfn-guard's exit codes: everything complies, something does not.
_GUARD_VERDICTS = (0, 19)
Finding = tuple[str, str]


def written(template: Mapping[str, Any], folder: Path) -> Path:
    path = folder / "translated.json"
    path.write_text(json.dumps(template, indent=1))
    return path


def cfn_lint(path: Path) -> set[Finding]:
    command = [sys.executable, "-m", "cfnlint", "--format", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return {
        (found["Rule"]["Id"], str(found["Location"]["Path"][1])) for found in json.loads(done.stdout or "[]")
    }


def cfn_guard(path: Path) -> set[Finding]:
    """AWS Control Tower's proactive controls, such as CT.S3.PR.8."""
    binary = _GUARD / "bin" / _SYSTEMS[platform.system()] / _MACHINES[platform.machine()] / "cfn-guard"
    rules = _GUARD / "rules" / "control-tower" / "cfn-guard"
    options = ("--output-format", "json", "--show-summary", "none")
    command = [str(binary), "validate", "--rules", str(rules), "--data", str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in _GUARD_VERDICTS:
        raise RuntimeError(done.stderr)
    reports = list(_documents(done.stdout))
    if len(reports) < len(list(rules.rglob("*.guard"))):
        raise RuntimeError("cfn-guard did not report on every rule")
    return {found for report in reports for found in _failed(report["not_compliant"], "")}


def checkov(path: Path) -> set[Finding]:
    command = [str(ROOT / ".venv" / "checkov" / "bin" / "python"), "-m", "checkov.main", "-f", str(path)]
    options = ("--framework", "cloudformation", "--compact", "--quiet", "--skip-download", "-o", "json")
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    if report["summary"]["parsing_errors"] or report["summary"]["passed"] < 1:
        raise RuntimeError(report["summary"])
    return {(c["check_id"], c["resource"].rpartition(".")[2]) for c in report["results"]["failed_checks"]}


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """cfn-guard writes one JSON document for each file of rules, one behind the other."""
    decoder, position = json.JSONDecoder(), 0
    while position < len(text.rstrip()):
        document, position = decoder.raw_decode(text, position)
        yield document
        while position < len(text) and text[position].isspace():
            position += 1


def _failed(node: Any, rule: str) -> Iterator[Finding]:
    """A control's name stands in the message of a clause, the resource in that of what is in it."""
    for child in node if isinstance(node, list) else [node]:
        if not isinstance(child, dict):
            continue
        messages = child.get("messages") or {}
        named = re.search(r"\[(CT[^\]]+)\]", messages.get("custom_message") or "")
        rule_here = named[1] if named else rule
        if at := re.search(r"/Resources/(\w+)", messages.get("error_message") or ""):
            yield rule_here, at[1]
        for value in child.values():
            yield from _failed(value, rule_here)
