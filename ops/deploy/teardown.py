"""`make destroy`: takes the stack away once nothing is on its way, and says what outlives it."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from ops.deploy import account as accounts
from ops.deploy import preflight, sam, samconfig
from ops.deploy.account import Account, Deployed
from ops.deploy.request import RefusedError
from ops.deploy.upgrade import say

ROOT = Path(__file__).parents[2]
#: How each type of what is kept is erased; {} is the physical id. S3 deletes no bucket with old versions in it.
ERASE = {
    "AWS::DynamoDB::Table": "aws dynamodb delete-table --table-name {}",
    "AWS::SQS::Queue": "aws sqs delete-queue --queue-url {}",
    "AWS::S3::Bucket": (
        ".venv/bin/python -c \"import boto3; b = boto3.resource('s3').Bucket('{}'); "
        'b.object_versions.delete(); b.delete()"'
    ),
    "AWS::KMS::Key": "aws kms schedule-key-deletion --key-id {} (last: all of the above is encrypted by it)",
    "AWS::SES::EmailIdentity": "aws sesv2 delete-email-identity --email-identity {}",
}
WAITING = ("IntakeQueueUrl", "EventsQueueUrl")


def run(variables: Mapping[str, str]) -> None:
    """Raise RefusedError, before anything is done, or SamFailedError."""
    try:
        environment = samconfig.read(ROOT / "samconfig.toml", variables.get("ENV", ""))
    except samconfig.UnknownEnvironmentError as problem:
        raise RefusedError(str(problem)) from None
    account = accounts.of(environment)
    if faults := list(preflight.unreachable(account.session)):
        raise RefusedError("; ".join(faults))
    deployed = account.deployed()
    if deployed is None:
        raise RefusedError(f"there is no stack {account.stack} in {account.session.region_name}")
    if not variables.get("ANYWAY") and (busy := list(_on_the_way(account, deployed))):
        raise RefusedError(_wait(busy, environment.name))
    kept = list(_kept(account))
    _confirm(account, kept, variables.get("YES", ""))
    sam.delete(environment, account.session.region_name)
    _tell(kept)


def _on_the_way(account: Account, deployed: Deployed) -> Iterator[str]:
    """What would be stopped halfway. A stack whose first deployment failed has no outputs, and nothing."""
    names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
    for output in (name for name in WAITING if name in deployed.outputs):
        found = account.client("sqs").get_queue_attributes(
            QueueUrl=deployed.outputs[output], AttributeNames=names
        )
        if count := sum(int(found["Attributes"][name]) for name in names):
            yield f"{count} in {output.removesuffix('Url')}"
    if machine := deployed.outputs.get("DeliveryStateMachineArn"):
        states = account.client("stepfunctions")
        if running := states.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]:
            yield f"{len(running)} in delivery"


def _wait(busy: list[str], environment: str) -> str:
    return (
        f"messages are on their way: {', '.join(busy)}. Take the form off your page and wait until they are "
        f"through, or leave them behind with `make destroy ENV={environment} ANYWAY=1`"
    )


def _kept(account: Account) -> Iterator[tuple[str, str, str]]:
    """(logical id, type, physical id) of what CloudFormation will leave."""
    template: dict[str, Any] = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
    keep = {name for name, r in template["Resources"].items() if "DeletionPolicy" in r}
    pages = account.client("cloudformation").get_paginator("list_stack_resources")
    for answer in pages.paginate(StackName=account.stack):
        for resource in answer["StackResourceSummaries"]:
            if resource["LogicalResourceId"] in keep and resource.get("PhysicalResourceId"):
                name, kind = resource["LogicalResourceId"], resource["ResourceType"]
                yield name, kind, resource["PhysicalResourceId"]


def _confirm(account: Account, kept: list[tuple[str, str, str]], answer: str) -> None:
    """The stack's name is the answer, typed or as YES=…: `yes` is too easily given to the wrong stack."""
    names = ", ".join(name for name, _, _ in kept) or "nothing"
    say(f"{account.stack} in account {account.number()} goes, with its API's address. What stays: {names}.")
    if not answer and sys.stdin.isatty():
        answer = input(f"Type {account.stack} to delete it: ")
    if answer != account.stack:
        raise RefusedError(f"nothing was deleted: confirm with YES={account.stack}")


def _tell(kept: list[tuple[str, str, str]]) -> None:
    if kept:
        say("\nWhat is left, and what erases it for good:")
    for name, kind, physical in kept:
        say(f"  {name}: {ERASE.get(kind, f'keep {physical}; other APIs log by it').format(physical)}")
