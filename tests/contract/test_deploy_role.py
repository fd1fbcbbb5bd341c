"""The role that the deploy workflow takes: whom it trusts, and that it may do what the template needs, and no more."""

import json
import re
from fnmatch import fnmatchcase

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from tests.contract.translated import REGION, ROOT, listed, template

POLICY = json.loads((ROOT / "ops" / "deploy" / "github" / "deploy-policy.json").read_text())
TRUST = json.loads((ROOT / "ops" / "deploy" / "github" / "trust-policy.json").read_text())
#: What the handlers of a type may call for features that the template does not use.
UNUSED = (
    r"(kms|kinesis|ec2|elasticfilesystem|s3files|s3tables|firehose):.*",
    r"iam:(PassRole|CreateServiceLinkedRole|(Attach|Detach)RolePolicy|(Put|Delete)RolePermissionsBoundary)",
    r"dynamodb:.*(Replica|Import|ImportTable|Item|Query|Scan|ResourcePolicy|KinesisStreamingDestination)",
    r"lambda:.*(CodeSigning|Concurrency|Recursion|Scaling|LayerVersion|CapacityProvider|RuntimeAlias).*",
    r"logs:.*(KmsKey|DataProtection|IndexPolic|BearerToken|DeletionProtection|ResourcePolicy|LogStream|PutLogEvents).*",
    r"s3:.*(Accelerate|Analytics|Inventory|Metrics|Replication|MetadataTable|Metadata.*Table|IntelligentTiering).*Config.*",
    r"s3:(PutObjectAcl|PutObjectLockConfiguration|GetObjectMetadata|REST.PUT.OBJECT|ListAllMyBuckets)",
    r"sns:PutDataProtectionPolicy",
    r"(amplify|apprunner|appsync|bedrock-agentcore|cognito-idp|elasticloadbalancing|payments):.*",
    r"cloudfront:.*(ConnectionGroup|VpcOrigin|WithStagingConfig)",
)
#: The stack of this environment, and the one in which sam keeps the bundles.
OURS = re.compile("contactflow-ENVIRONMENT|aws-sam-cli-managed-default")


def test_the_role_trusts_one_environment_of_one_repository() -> None:
    [statement] = TRUST["Statement"]
    assert statement["Condition"].keys() == {"StringEquals"}
    subject = statement["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert subject == "repo:GITHUB_OWNER/GITHUB_REPOSITORY:environment:ENVIRONMENT"


def _allowed(action: str) -> bool:
    patterns = [pattern for statement in POLICY["Statement"] for pattern in listed(statement["Action"])]
    return any(fnmatchcase(action, pattern) for pattern in patterns)


def _needed(kind: str) -> set[str]:
    handlers = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema["handlers"]
    actions = {a for name, h in handlers.items() if name != "list" for a in h["permissions"]}
    return {action for action in actions if not any(re.fullmatch(pattern, action) for pattern in UNUSED)}


@pytest.mark.parametrize("kind", sorted({r["Type"] for r in template()["Resources"].values()}))
def test_the_role_may_make_change_and_delete_every_type_of_the_template(kind: str) -> None:
    assert {action for action in _needed(kind) if not _allowed(action)} == set()


@pytest.mark.parametrize(
    "action",
    [
        *("dynamodb:GetItem", "dynamodb:Scan", "dynamodb:DeleteItem", "sqs:ReceiveMessage", "sqs:PurgeQueue"),
        *("ses:SendEmail", "lambda:InvokeFunction", "states:StartExecution", "iam:CreateUser"),
        *("iam:AttachRolePolicy", "sts:AssumeRole", "logs:GetLogEvents"),
    ],
)
def test_the_role_itself_reads_no_message_sends_no_mail_and_makes_no_user(action: str) -> None:
    assert not _allowed(action)


def test_the_role_reaches_this_environments_stack_alone_wherever_aws_lets_it_be_named() -> None:
    anywhere = {s["Sid"] for s in POLICY["Statement"] if s["Resource"] == "*"}
    assert anywhere == {
        *("TemplatesNotYetInAStack", "EventSources", "WhatKnowsNoResource", "Page"),
        "CustomerManagedKeyIsMade",
    }
    reached = {arn for s in POLICY["Statement"] for arn in listed(s["Resource"]) if arn != "*"}
    assert {arn for arn in reached if not OURS.search(arn)} == {
        "arn:aws:apigateway:REGION::/restapis",
        "arn:aws:apigateway:REGION::/restapis/*",
        "arn:aws:apigateway:REGION::/account",
        "arn:aws:apigateway:REGION::/tags/*",
        # A key has no name. The condition says whose.
        "arn:aws:kms:REGION:ACCOUNT_ID:key/*",
        "arn:aws:cloudformation:REGION:aws:transform/Serverless-2016-10-31",
        "arn:aws:ses:REGION:ACCOUNT_ID:identity/*",
    }


def test_the_policy_fits_into_an_inline_policy_of_a_role() -> None:
    """10,240 characters: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
    assert len(json.dumps(POLICY, separators=(",", ":"))) < 10_240
