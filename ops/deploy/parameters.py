"""The template's parameters: which must be given, and whether CloudFormation would take a value."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

Declared = dict[str, dict[str, Any]]
#: Variable of `make deploy` → parameter.
VARIABLES = {
    "SENDER": "SenderAddress",
    "OWNER": "OwnerAddress",
    "ORIGIN": "AllowedOrigin",
    "ALERT": "AlertAddress",
    "IDENTITY": "ExistingIdentity",
}
EXAMPLES = {
    "ENV": "dev",
    "SENDER": "noreply@example.com",
    "OWNER": "you@example.com",
    "ORIGIN": "https://www.example.com",
}


def declared(template: Path) -> Declared:
    read: Declared = yaml_parse(template.read_text(encoding="utf-8"))["Parameters"]
    return read


def required(declarations: Declared) -> list[str]:
    return [name for name, declaration in declarations.items() if "Default" not in declaration]


def missing(declarations: Declared, known: Mapping[str, str]) -> Iterator[str]:
    """A line for each parameter without a default that nobody has set."""
    variables = {parameter: variable for variable, parameter in VARIABLES.items()}
    for name in required(declarations):
        if not known.get(name):
            yield f"{variables.get(name, name)} is missing: {declarations[name]['Description']} ({name})"


def faults(declarations: Declared, given: Mapping[str, str]) -> Iterator[str]:
    """A line for each value that CloudFormation would refuse, minutes later. A secret's value is not in it."""
    for name, value in given.items():
        if name not in declarations:
            yield f"template.yaml has no parameter {name}"
        elif problem := _fault(declarations[name], value):
            shown = "its value" if declarations[name].get("NoEcho") else repr(value)
            yield f"{name}: {shown} {problem}"


def _fault(declaration: dict[str, Any], value: str) -> str:
    if declaration["Type"] == "Number":
        return _number_fault(declaration, value)
    if not re.fullmatch(declaration.get("AllowedPattern", r"[\s\S]*"), value) or not value.isprintable():
        return f"is not as wanted: {declaration.get('Description', '')}"
    if len(value) > declaration.get("MaxLength", 4096):
        return f"is longer than {declaration.get('MaxLength', 4096)} characters"
    return _choice_fault(declaration, value)


def _number_fault(declaration: dict[str, Any], value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", value):
        return "is not a whole number"
    low, high = declaration.get("MinValue", 0), declaration.get("MaxValue", 10**9)
    if not low <= int(value) <= high:
        return f"is not between {low} and {high}"
    return _choice_fault(declaration, value)


def _choice_fault(declaration: dict[str, Any], value: str) -> str:
    choices = [str(choice) for choice in declaration.get("AllowedValues", [])]
    return f"is not one of {', '.join(choices)}" if choices and value not in choices else ""


def identity_fault(sender: str, identity: str) -> str:
    """SES signs for an address by its own identity, its domain's, or a parent domain's, "" if this is one.

    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    domain = sender.rpartition("@")[2].lower()
    if not identity or identity in (sender, domain) or f".{domain}".endswith(f".{identity.lower()}"):
        return ""
    return f"ExistingIdentity: {identity!r} is neither {sender}, nor {domain}, nor a parent of it"
