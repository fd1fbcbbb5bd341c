"""What IAM would decide: a template's policies, judged by iam-simulate in one Node process."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.policy.resolved import ACCOUNT, Resolved

_HERE = Path(__file__).parent
#: resource policy type → the property that names whom it is of
_POLICIES = {
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::S3::BucketPolicy": "Bucket",
}
_OVER_TLS = {"aws:SecureTransport": "true", "aws:SourceAccount": ACCOUNT, "aws:PrincipalAccount": ACCOUNT}


@dataclass(frozen=True)
class Request:
    """`who`: a role's logical id, or a service's principal, or an ARN; `on`: a logical id, with /path, or an ARN."""

    who: str
    action: str
    on: str
    context: Mapping[str, str | list[str]] = field(default_factory=dict)

    def __str__(self) -> str:
        more = "".join(f" {key}={value}" for key, value in self.context.items())
        return f"{self.who} {self.action} {self.on}{more}"


def decide(resolved: Resolved, requests: Sequence[Request]) -> list[str]:
    """Allowed, ImplicitlyDenied or ExplicitlyDenied, in order. Raises ValueError for what IAM does not know."""
    given = {str(number): _simulation(resolved, request) for number, request in enumerate(requests)}
    done = subprocess.run(
        ["node", "evaluate.mjs"],  # noqa: S607 - whichever Node is on PATH
        cwd=_HERE,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=True,
    )
    answers = [json.loads(done.stdout)[number] for number in given]
    problems = [
        (str(r), a) for r, a in zip(requests, answers, strict=True) if a["verdict"] == "Error" or a["ignored"]
    ]
    if problems:
        raise ValueError(problems)
    return [answer["verdict"] for answer in answers]


def role_policies(resolved: Resolved, role: str) -> list[dict[str, Any]]:
    policies = resolved.of_type("AWS::IAM::Role").get(role, {}).get("Policies", [])
    return [{"name": policy["PolicyName"], "policy": policy["PolicyDocument"]} for policy in policies]


def _simulation(resolved: Resolved, request: Request) -> dict[str, Any]:
    roles = resolved.of_type("AWS::IAM::Role")
    owner = "" if request.on.startswith(("arn:", "*")) else request.on.partition("/")[0]
    return {
        "request": {
            "principal": resolved.arn(request.who) if request.who in roles else request.who,
            "action": request.action,
            "resource": {"resource": resolved.on(request.on), "accountId": ACCOUNT},
            "contextVariables": _OVER_TLS | dict(request.context),
        },
        "identityPolicies": role_policies(resolved, request.who),
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
        "resourcePolicy": _resource_policy(resolved, owner),
    }


def _resource_policy(resolved: Resolved, logical_id: str) -> dict[str, Any] | None:
    statements = list(_statements_for(resolved, logical_id))
    return {"Version": "2012-10-17", "Statement": statements} if statements else None


def _statements_for(resolved: Resolved, logical_id: str) -> Iterator[dict[str, Any]]:
    if not logical_id:
        return
    names = {logical_id, resolved.arn(logical_id)}
    for kind, named_by in _POLICIES.items():
        for policy in resolved.of_type(kind).values():
            owners = policy[named_by] if isinstance(policy[named_by], list) else [policy[named_by]]
            if names & set(owners):
                yield from policy["PolicyDocument"]["Statement"]
    for permission in resolved.of_type("AWS::Lambda::Permission").values():
        if permission["FunctionName"] in names:
            yield {
                "Effect": "Allow",
                "Principal": {"Service": permission["Principal"]},
                "Action": permission["Action"],
                "Resource": resolved.arn(logical_id),
                "Condition": {"ArnLike": {"aws:SourceArn": permission["SourceArn"]}},
            }
    key = resolved.of_type("AWS::KMS::Key").get(logical_id)
    if key:
        yield from key["KeyPolicy"]["Statement"]
