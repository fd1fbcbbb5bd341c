"""What is locked, what is listed, and what the audit says when nobody answers it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.contract.translated import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
LAMBDA = ROOT / "requirements" / "lambda.txt"
PYTHON = ROOT / ".venv" / "audit" / "bin" / "python"
VALIDATE = """
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
found = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read())
sys.exit(str(found) if found else 0)
"""
FLAW = {
    "id": "PYSEC-2026-1",
    "summary": "a flaw",
    "affected": [
        {
            "package": {"name": "urllib3", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}],
        }
    ],
}


class _Feed(BaseHTTPRequestHandler):
    """Knows one flaw, of urllib3."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = {"vulns": [FLAW]} if asked["package"]["name"] == "urllib3" else {}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def feed() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Feed)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def _audit(lock: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ops.audit", str(lock)]
    environment = os.environ | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_everything_that_is_installed_is_locked_with_its_hash(lock: Path) -> None:
    assert lock.with_suffix(".in").exists()
    entries = re.split(r"\n(?=[a-z0-9])", lock.read_text().partition("make lock\n")[2])
    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.+!-]+ ", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]


@pytest.mark.parametrize("folder", ["loadtest", "tests/policy"])
def test_every_node_package_is_locked_with_its_hash(folder: str) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_every_lock_is_audited_and_renewed() -> None:
    makefile = (ROOT / "Makefile").read_text()
    assert (
        "ops.audit requirements/*.txt loadtest/package-lock.json tests/policy/package-lock.json" in makefile
    )
    assert {lock.stem for lock in LOCKS} == set(re.findall(r"\$\(LOCK\) .*requirements/(\w+)\.in ", makefile))


def test_the_bill_of_materials_is_valid_and_names_what_lambda_ships(tmp_path: Path) -> None:
    command = ["make", "-o", ".venv/audit/installed", "sbom"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    text = (ROOT / ".build" / "contactflow.cdx.json").read_text()
    bill = json.loads(text)
    pinned = re.findall(r"^([\w-]+)==(\S+)", LAMBDA.read_text(), re.MULTILINE)
    assert sorted(c["purl"] for c in bill["components"]) == sorted(f"pkg:pypi/{n}@{v}" for n, v in pinned)
    assert all(c["externalReferences"][0]["hashes"] for c in bill["components"])
    assert bill["metadata"]["component"]["name"] == "contactflow"
    assert _validated(text) == 0
    assert _validated(text.replace('"type": "library"', '"type": "book"')) == 1


def _validated(bill: str) -> int:
    return subprocess.run(
        [PYTHON, "-c", VALIDATE], input=bill, capture_output=True, text=True, check=False
    ).returncode


def test_a_known_vulnerability_is_named_and_fails_the_audit(feed: str) -> None:
    done = _audit(LAMBDA, OSV_URL=feed)
    assert done.returncode == 1
    assert re.search(r"lambda.txt: VULNERABLE\n  urllib3 [\d.]+: PYSEC-2026-1, mended in 99.0\n", done.stdout)


def test_what_nobody_knows_a_flaw_of_passes(feed: str, tmp_path: Path) -> None:
    lock = tmp_path / "six.txt"
    lock.write_text(re.search(r"^six==(?:.*\\\n)+.*", LAMBDA.read_text(), re.MULTILINE)[0] + "\n")  # type: ignore[index]
    done = _audit(lock, OSV_URL=feed)
    assert (done.returncode, done.stdout) == (0, "six.txt: nothing known against it\n")


@pytest.mark.parametrize(
    "lock", [LAMBDA, ROOT / "loadtest" / "package-lock.json"], ids=lambda lock: lock.name
)
def test_an_audit_that_reaches_nobody_fails_and_says_so(lock: Path) -> None:
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:1")
    done = _audit(lock, OSV_URL="http://127.0.0.1:1/", **nowhere)
    assert done.returncode == 1
    assert f"{lock.name}: NOT AUDITED, the vulnerability service gave no answer: " in done.stdout
