"""A person who deploys: the checkout, credentials of the local AWS, and a `sam` that only records."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes import sam
from tests.flow.stack import ROOT, LocalStack

STACK = "contactflow-staging"
NEEDED = {
    "ENV": "staging",
    "SENDER": "noreply@mail.example",
    "OWNER": "owner@mail.example",
    "ORIGIN": "https://www.mail.example",
}


@dataclass(frozen=True)
class Deployer:
    """A person with a checkout, credentials of the local AWS, and a recording `sam` on PATH."""

    environment: dict[str, str]
    record: Path
    aws: LocalStack

    def run(self, command: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ops.deploy", command],
            cwd=ROOT,
            env=self.environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """By the Makefile, as if everything that it installs were there."""
        present = (
            "-o",
            ".venv/local",
            "-o",
            ".venv/sam/installed",
            "SAM=sam",
            f"VENV_PYTHON={sys.executable}",
        )
        environment = self.environment | variables
        command = ["make", "--no-print-directory", *present, *arguments]
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[dict[str, Any]]:
        return (
            [json.loads(line) for line in self.record.read_text().splitlines()]
            if self.record.exists()
            else []
        )


@dataclass(frozen=True)
class First:
    """A first deployment: what it said, what it asked of sam, and the stack's Outputs."""

    said: str
    calls: list[dict[str, Any]]
    outputs: dict[str, str]


def deploying(stack: LocalStack, folder: Path) -> Deployer:
    program = folder / "bin" / "sam"
    program.parent.mkdir()
    program.write_text(f"#!{sys.executable}\n{Path(sam.__file__).read_text()}")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    environment = {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "SAM": "sam",
        "SAM_RECORD": str(folder / "calls.jsonl"),
        "AWS_ENDPOINT_URL": stack.aws,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
    }
    return Deployer(environment, folder / "calls.jsonl", stack)


def outputs(stack: LocalStack, name: str) -> dict[str, str]:
    [described] = stack.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    return {o["OutputKey"]: o["OutputValue"] for o in described["Outputs"]}
