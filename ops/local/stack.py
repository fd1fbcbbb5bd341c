"""Creates the project's stack, the same template.yaml that AWS gets, in the embedded cloud."""

import gc
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from moto.cloudformation.models import cloudformation_backends

from ops.local import cloud
from ops.local.cloudformation import api, catalogue
from ops.local.cloudformation.api import Throttle
from ops.local.translate import translate

NAME = "contactflow"
TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@dataclass(frozen=True)
class Stack:
    """What the rest of the local runtime reads from the created stack."""

    outputs: dict[str, str]
    physical_ids: dict[str, str]
    api_definition: dict[str, Any]
    throttle: Throttle
    stage: str


def create(parameters: Mapping[str, str]) -> Stack:
    """Translate template.yaml and create it; `cloud.start()` comes first.

    Raises UnknownResourceError for a resource that would be skipped.
    """
    created = create_from(translate(TEMPLATE, cloud.REGION), parameters)
    # What is loaded by now stays until the end, and is so much that each full collection which walks it costs
    # more than the messages that set it off: https://docs.python.org/3/library/gc.html#gc.freeze
    gc.collect()
    gc.freeze()
    return created


def create_from(template: dict[str, Any], parameters: Mapping[str, str]) -> Stack:
    """Create a translated template, which must have one REST API stage with a throttle."""
    catalogue.refuse_unknown(template["Resources"])
    _upload_code(template["Resources"])
    # moto ignores a parameter that the template does not declare.
    if unknown := parameters.keys() - template["Parameters"].keys():
        raise ValueError(f"the template has no parameter {', '.join(sorted(unknown))}")
    # Called directly, because over HTTP moto answers some of its errors in a form boto3 cannot read.
    backend = cloudformation_backends[cloud.ACCOUNT][cloud.REGION]
    backend.create_stack(NAME, json.dumps(template), dict(parameters))
    [stage] = api.stages()
    if stage.throttle is None:
        raise ValueError(f"the stage {stage.name} sets no ThrottlingRateLimit for all methods")
    client = boto3.client("cloudformation")
    [described] = client.describe_stacks(StackName=NAME)["Stacks"]
    return Stack(
        outputs={output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]},
        physical_ids=_physical_ids(client.describe_stack_resources(StackName=NAME)["StackResources"]),
        api_definition=stage.definition,
        throttle=stage.throttle,
        stage=stage.name,
    )


def _physical_ids(resources: list[Any]) -> dict[str, str]:
    """Logical → physical id; moto has no row for a false condition, and no physical id of a Lambda permission."""
    return {
        resource["LogicalResourceId"]: resource["PhysicalResourceId"]
        for resource in resources
        if "LogicalResourceId" in resource and "PhysicalResourceId" in resource
    }


def _upload_code(resources: Mapping[str, Mapping[str, Any]]) -> None:
    """Put an empty bundle where each function's Code points: moto wants an object there and never runs it."""
    codes = [
        resource["Properties"]["Code"]
        for resource in resources.values()
        if resource["Type"] == "AWS::Lambda::Function"
    ]
    client = boto3.client("s3")
    for bucket in {code["S3Bucket"] for code in codes}:
        client.create_bucket(Bucket=bucket)
    for code in codes:
        client.put_object(Bucket=code["S3Bucket"], Key=code["S3Key"], Body=_empty_bundle())


def _empty_bundle() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w"):
        pass
    return buffer.getvalue()
