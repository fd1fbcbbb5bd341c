"""template.yaml as AWS gets it, after SAM: what the template's tests ask about."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from ops.local.translate import translate

ROOT = Path(__file__).parents[2]
REGION = "us-east-1"


_in_place_of_ours: list[dict[str, Any]] = []


@cache
def _ours() -> dict[str, Any]:
    return translate(ROOT / "template.yaml", REGION)


def template() -> dict[str, Any]:
    return _in_place_of_ours[-1] if _in_place_of_ours else _ours()


@contextmanager
def judged(other: dict[str, Any]) -> Iterator[None]:
    """Let every test ask about `other` meanwhile, so that it can be seen to fail."""
    _in_place_of_ours.append(other)
    try:
        yield
    finally:
        _in_place_of_ours.pop()


def resource(logical_id: str) -> dict[str, Any]:
    """Return the resource's Properties."""
    properties: dict[str, Any] = template()["Resources"][logical_id]["Properties"]
    return properties


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """Logical id → Properties of all resources of one type, such as AWS::SQS::Queue."""
    return {name: r.get("Properties", {}) for name, r in template()["Resources"].items() if r["Type"] == kind}


def text(value: Any, **given: str) -> str:
    """A string that may be a Fn::Sub, with `given` and its own lookups put in; other names stay as they are."""
    if isinstance(value, str):
        return value
    words, more = value["Fn::Sub"], {}
    if isinstance(words, list):
        words, more = words
    for name, looked_up in more.items():
        if "Fn::FindInMap" in looked_up:
            outer, inner, key = looked_up["Fn::FindInMap"]
            words = words.replace(f"${{{name}}}", template()["Mappings"][outer][inner][key])
    for name, put_in in given.items():
        words = words.replace(f"${{{name}}}", put_in)
    return str(words)


def listed(value: Any) -> list[Any]:
    """A policy may say one thing or a list of things: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html"""
    return value if isinstance(value, list) else [value]


def role_statements(logical_id: str) -> Iterator[dict[str, Any]]:
    for policy in resource(logical_id)["Policies"]:
        yield from policy["PolicyDocument"]["Statement"]


def resource_policies() -> dict[str, dict[str, Any]]:
    """Policies of queues, topics and the bucket; a conditional statement counts as there."""
    kinds = ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy")
    return {name: properties for kind in kinds for name, properties in of_type(kind).items()}


def policy_statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    statements = policy["PolicyDocument"]["Statement"]
    return [statement["Fn::If"][1] if "Fn::If" in statement else statement for statement in statements]
