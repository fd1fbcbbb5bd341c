"""What an upgrade replaces and a teardown deletes. CloudFormation's own schemas say which edit replaces a resource."""

import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from tests.contract.translated import REGION, of_type, template

#: Resources that hold what nobody can make again, or whose address the outside world knows, each with every
#: property whose edit makes CloudFormation replace it. Before you change this file: what becomes of the old one,
#: and who still looks at it?
LIST = Path(__file__).with_name("upgrade.json")
LISTED: dict[str, dict[str, Any]] = json.loads(LIST.read_text())
#: Kept for the same reason as the others, but already valid for the whole account when a creation rolls back.
KEPT_FROM_THE_START = {"ApiGatewayAccount", "ApiGatewayLogRoleForAccount"}
HOLDS_MESSAGES = {"MessagesTable", "IntakeQueue", "EventsQueue", "ReviewQueue"}
KEPT = HOLDS_MESSAGES | {"SiteBucket", "SenderIdentity", "Key"} | KEPT_FROM_THE_START


def _resources() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = template()["Resources"]
    return found


def _replacing(kind: str) -> list[str]:
    """Top-level properties of a resource type whose edit may replace it, as AWS's registry has them."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, kind).schema
    pointers = schema.get("createOnlyProperties", []) + schema.get("conditionalCreateOnlyProperties", [])
    return sorted({pointer.split("/")[2] for pointer in pointers})


def _in_the_template(logical_id: str) -> dict[str, Any]:
    """The resource's type and the present values of what would replace it; None for what it leaves out."""
    resource = _resources()[logical_id]
    properties = resource.get("Properties", {})
    return {"Type": resource["Type"]} | {name: properties.get(name) for name in _replacing(resource["Type"])}


@pytest.mark.parametrize("logical_id", LISTED)
def test_no_edit_replaces_what_holds_state_unnoticed(logical_id: str) -> None:
    assert logical_id in _resources(), "a new logical id is a new resource, and the old one goes"
    assert _in_the_template(logical_id) == LISTED[logical_id]


def test_the_list_has_every_resource_that_is_kept_or_known_outside() -> None:
    kinds = ("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::S3::Bucket", "AWS::SES::EmailIdentity")
    known_outside = ("AWS::ApiGateway::RestApi", "AWS::CloudFront::Distribution", "AWS::SNS::Topic")
    wanted = {name for kind in kinds + known_outside for name in of_type(kind)} | KEPT
    assert wanted <= LISTED.keys()


def test_exactly_these_outlive_the_stack() -> None:
    policies = {name: r["DeletionPolicy"] for name, r in _resources().items() if "DeletionPolicy" in r}
    assert policies == {n: "Retain" if n in KEPT_FROM_THE_START else "RetainExceptOnCreate" for n in KEPT}


def test_what_outlives_the_stack_outlives_its_own_replacement() -> None:
    assert {name for name, r in _resources().items() if r.get("UpdateReplacePolicy") == "Retain"} == KEPT


def test_what_is_kept_has_no_name_that_the_next_stack_would_want() -> None:
    """A kept resource keeps its name, and CloudFormation does not create over one that is there.

    The identity's name is its domain: `ExistingIdentity` is the way past it.
    """
    for logical_id in KEPT - {"SenderIdentity"}:
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, _resources()[logical_id]["Type"]).schema
        identifiers = {pointer.split("/")[2] for pointer in schema["primaryIdentifier"]} | {"QueueName"}
        named = {name: _resources()[logical_id].get("Properties", {}).get(name) for name in identifiers}
        for name, value in named.items():
            assert value is None or "AWS::StackId" in json.dumps(value), (logical_id, name)


def test_an_identity_that_is_already_there_is_not_made_again() -> None:
    assert _resources()["SenderIdentity"]["Condition"] == "MakesIdentity"
    uses = [name for name, r in _resources().items() if '"SenderIdentity' in json.dumps(r.get("Properties"))]
    assert sorted(uses) == ["SendAcknowledgementFunctionRole", "SendEmailFunctionRole"]
    for name in uses:
        text = json.dumps(_resources()[name])
        either = '{"Fn::If": ["MakesIdentity", {"Ref": "SenderIdentity"}, {"Ref": "ExistingIdentity"}]}'
        assert text.count('{"Ref": "SenderIdentity"}') == text.count(either) == 1
