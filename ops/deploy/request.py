"""What `make deploy` was told, and whether it is enough. It comes by the environment: no shell reads the values."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ops.deploy import parameters, samconfig
from ops.deploy.account import Deployed
from ops.deploy.parameters import EXAMPLES, VARIABLES, Declared
from ops.deploy.samconfig import Environment

ROOT = Path(__file__).parents[2]


class RefusedError(Exception):
    """Nothing was done. The text says all that is wrong, each on its line, and what a right command looks like."""


@dataclass(frozen=True)
class Request:
    """An environment and what goes to its stack: samconfig.toml, then FORMS, then PARAMETERS, then the variables."""

    environment: Environment
    parameters: dict[str, str]


def read(variables: Mapping[str, str], config: Path) -> Request:
    """Raise RefusedError for what cannot be understood."""
    try:
        environment = samconfig.read(config, variables.get("ENV", ""))
        given = samconfig.overrides(variables.get("PARAMETERS", ""))
    except (samconfig.UnknownEnvironmentError, ValueError) as problem:
        raise refusal([str(problem)], "dev") from None
    named = {parameter: variables.get(name, "").strip() for name, parameter in VARIABLES.items()}
    named = {parameter: value for parameter, value in named.items() if value}
    return Request(environment, environment.parameters | _forms(variables) | given | named)


def _forms(variables: Mapping[str, str]) -> dict[str, str]:
    file = variables.get("FORMS", "")
    if not file:
        return {}
    command = [sys.executable, "-m", "ops", "forms", "parameters", str(Path(file).absolute())]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise refusal([f"FORMS={file}: {done.stderr.strip()}"], variables["ENV"])
    return samconfig.overrides(done.stdout)


def problems(request: Request, declared: Declared, deployed: Deployed | None) -> Iterator[str]:
    """All that would stop CloudFormation, as far as the values themselves tell."""
    known = (deployed.parameters if deployed else {}) | request.parameters
    yield from parameters.missing(declared, known)
    yield from parameters.faults(declared, request.parameters)
    if fault := parameters.identity_fault(known.get("SenderAddress", ""), known.get("ExistingIdentity", "")):
        yield fault


def refusal(lines: list[str], environment: str) -> RefusedError:
    example = {**EXAMPLES, "ENV": environment}
    command = " ".join(["make deploy", *(f"{name}={value}" for name, value in example.items())])
    listed = "\n".join(f"  - {line}" for line in lines)
    return RefusedError(
        f"nothing was deployed, because\n{listed}\nA whole command looks like this:\n  {command}"
    )
