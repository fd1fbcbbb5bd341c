"""What ops/deploy hands to sam is what sam reads, whatever is in a value: asked of sam's own code."""

import json
import random
import subprocess
from pathlib import Path

from ops.deploy.sam import spelled
from tests.contract.translated import ROOT

PYTHON = ROOT / ".venv" / "sam" / "bin" / "python"
READ = """
import json, sys
from samcli.cli.types import CfnParameterOverridesType
print(json.dumps(CfnParameterOverridesType().convert((f"file://{sys.argv[1]}",), None, None)))
"""
KNOWN = [
    "",
    '"',
    "'",
    '""',
    '"a"',
    "'a'",
    "a b",
    'a"b',
    "a\\ b",
    'a\\"b',
    "\\\\'",
    "\\",
    '{"k": "v \\" w"}',
    "😀",
    "a\\nb",
    "~",
    "on",
    "1e3",
]


def test_sam_reads_every_value_as_it_was(tmp_path: Path) -> None:
    chance = random.Random(20261125)  # noqa: S311 - not for secrets
    drawn = ["".join(chance.choices("\\\"' ab=,|{}:#é😀", k=chance.randint(1, 9))) for _ in range(2000)]
    values = {f"P{number}": value for number, value in enumerate(KNOWN + drawn)}
    file = tmp_path / "parameters.yaml"
    file.write_text(json.dumps({name: spelled(value) for name, value in values.items()}, ensure_ascii=False))
    done = subprocess.run([PYTHON, "-c", READ, file], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == values
