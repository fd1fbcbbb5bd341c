"""What samconfig.toml says of an environment: the same file that `sam` reads."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# As sam splits a string of them: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html
_PAIR = re.compile(r"""([A-Za-z0-9]+)=("(?:[^"\\]|\\.)*"|'[^']*'(?=\s|$)|[^\s"]*)""")


class UnknownEnvironmentError(Exception):
    """samconfig.toml has no such environment. The text names those that it has."""


@dataclass(frozen=True)
class Environment:
    """`[NAME.deploy.parameters]`; region and profile are None where the file leaves them to the caller's settings."""

    name: str
    stack: str
    region: str | None
    profile: str | None
    parameters: dict[str, str]


def read(path: Path, name: str) -> Environment:
    """Raise UnknownEnvironmentError."""
    tables = {
        environment: commands["deploy"]["parameters"]
        for environment, commands in tomllib.loads(path.read_text(encoding="utf-8")).items()
        if isinstance(commands, dict) and environment != "default" and "deploy" in commands
    }
    if name not in tables:
        raise UnknownEnvironmentError(
            f"ENV is one of {', '.join(tables)}" + (f", not {name!r}" if name else "")
        )
    table = tables[name]
    return Environment(
        name=name,
        stack=table["stack_name"],
        region=table.get("region"),
        profile=table.get("profile"),
        parameters=overrides(table.get("parameter_overrides", "")),
    )


def overrides(written: str | Iterable[Any] | Mapping[str, Any]) -> dict[str, str]:
    """Name → value of `A=1 B="two words"`, a list of such, or a table. Raises ValueError on anything else."""
    if isinstance(written, Mapping):
        return {name: str(value) for name, value in written.items()}
    if not isinstance(written, str):
        return {name: value for part in written for name, value in overrides(part).items()}
    if left := _PAIR.sub("", written).strip():
        raise ValueError(f"not NAME=VALUE: {left}")
    return {name: _unquoted(value) for name, value in _PAIR.findall(written)}


def _unquoted(value: str) -> str:
    if value[:1] == value[-1:] == '"':
        return re.sub(r"\\(.)", r"\1", value[1:-1])
    return value[1:-1] if value[:1] == value[-1:] == "'" else value
