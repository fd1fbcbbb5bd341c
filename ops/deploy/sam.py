"""The `sam` commands. No shell is involved, and no value is on a command line."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ops.deploy.samconfig import Environment

ROOT = Path(__file__).parents[2]


class SamFailedError(Exception):
    """`sam` ended with another exit code than 0; it has said why."""


def build() -> None:
    _run("build")


def deploy(environment: Environment, region: str, parameters: Mapping[str, str], *, ask: bool) -> None:
    """Build what is in .aws-sam/build into the stack. `parameters` replace those of samconfig.toml as a whole."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "parameters.yaml"
        file.touch(mode=0o600)
        # JSON is YAML, too, but for `\ud83d\ude00`.
        file.write_text(
            json.dumps({name: spelled(value) for name, value in parameters.items()}, ensure_ascii=False)
        )
        _run(
            "deploy",
            *("--config-env", environment.name, "--stack-name", environment.stack, "--region", region),
            *("--parameter-overrides", f"file://{file}"),
            "--no-fail-on-empty-changeset",
            *([] if ask else ["--no-confirm-changeset"]),
        )


def delete(environment: Environment, region: str) -> None:
    profile = ["--profile", environment.profile] if environment.profile else []
    _run("delete", "--stack-name", environment.stack, "--region", region, *profile, "--no-prompts")


def spelled(value: str) -> str:
    """Spell a value so that sam reads it as it is: it unquotes what is in a file twice."""
    return _quoted(_quoted(value))


def _quoted(value: str) -> str:
    """The opposite of sam's unquoting: one pair of quotes around it, a backslash before each quote and blank in it.

    https://github.com/aws/aws-sam-cli/blob/develop/samcli/cli/types.py (_unquote_wrapped_quotes)
    """
    kept = re.sub(r"""\\(?=[ "'])""", r"\\\\", value)
    return f'"{kept}"' if value[:1] == value[-1:] and value[:1] in ('"', "'") and value else kept


def _run(*arguments: str) -> None:
    command = [os.environ["SAM"], *arguments]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SamFailedError(f"`sam {arguments[0]}` failed; what it says stands above")
