"""What the aws CLI accepts, read from the API models that it is generated from."""

from typing import Any, cast

import boto3
from botocore import xform_name

#: Of the CLI itself, not of an API: https://docs.aws.amazon.com/cli/latest/reference/sso/login.html,
#: https://docs.aws.amazon.com/cli/latest/reference/logs/tail.html
OWN = {
    ("sso", "login"): {"--profile"},
    ("logs", "tail"): {"--since", "--filter-pattern", "--follow", "--format"},
}


def wrong(arguments: list[str]) -> list[str]:
    """Options that do not exist, and values that an option's enumeration does not have; of `aws` and what follows."""
    service, operation, *rest = arguments
    known: Any = OWN.get((service, operation)) or _options(service, operation)
    found, option = [], ""
    for word in rest:
        if word.startswith("--"):
            option = word
            found += [word] if word not in known else []
        elif isinstance(known, dict) and (values := _values(known.get(option))) and word not in values:
            found.append(word)
    return found


def _options(service: str, operation: str) -> dict[str, Any]:
    model = cast("Any", boto3).client(service, region_name="us-east-1").meta.service_model
    [name] = [one for one in model.operation_names if xform_name(one, "-") == operation]
    members = model.operation_model(name).input_shape.members
    return {f"--{xform_name(member, '-')}": shape for member, shape in members.items()}


def _values(shape: Any) -> list[str]:
    if shape is not None and shape.type_name == "list":
        shape = shape.member
    values: list[str] = getattr(shape, "enum", [])
    return values
