"""State machines, in the backend that runs them."""

import json
import re

from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from ops.local.cloudformation.resource import Created, Declaration


def state_machine(declaration: Declaration) -> Created:
    properties = declaration.properties
    definition = properties.get("DefinitionString") or json.dumps(properties["Definition"])
    backend = stepfunctions_parser_backends[declaration.account][declaration.region]
    machine = backend.create_state_machine(
        declaration.name,
        substitute(definition, properties.get("DefinitionSubstitutions", {})),
        properties["RoleArn"],
        loggingConfiguration=_lower_camel(properties.get("LoggingConfiguration")),
        sm_type=properties.get("StateMachineType", "STANDARD"),
    )
    return Created(machine.arn, {"Arn": machine.arn, "Name": machine.name})


def substitute(definition: str, substitutions: dict[str, str]) -> str:
    """`definition` with every "${Name}" replaced; ValueError names those that have no value.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-stepfunctions-statemachine.html
    """
    missing = sorted(set(re.findall(r"\$\{(\w+)\}", definition)) - substitutions.keys())
    if missing:
        raise ValueError(f"DefinitionSubstitutions lack {', '.join(missing)}")
    # The value lands inside a JSON string.
    return re.sub(r"\$\{(\w+)\}", lambda match: json.dumps(str(substitutions[match[1]]))[1:-1], definition)


def _lower_camel(configuration: dict[str, object] | None) -> dict[str, object] | None:
    """CloudFormation writes "Level" where the API, which moto keeps, writes "level"."""
    if configuration is None:
        return None
    return {name[0].lower() + name[1:]: value for name, value in configuration.items()}
