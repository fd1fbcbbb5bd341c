"""What `make deploy` finds in the account before it builds."""

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.deploy import parameters, preflight
from ops.deploy.account import Account
from ops.deploy.request import RefusedError, Request
from ops.deploy.samconfig import Environment
from tests.contract.translated import ROOT

DECLARED = parameters.declared(ROOT / "template.yaml")
NEEDED = {
    "SenderAddress": "a@example.com",
    "OwnerAddress": "b@example.com",
    "AllowedOrigin": "https://example.com",
}


@dataclass(frozen=True)
class FakeSession:
    """An account without identities; `status` is the stack's, None if there is no stack."""

    log_role: str
    status: str | None
    region_name: str = "eu-central-1"

    class exceptions:  # noqa: N801 - boto3's spelling
        NotFoundException = KeyError

    def client(self, service: str) -> "FakeSession":
        return self

    def get_credentials(self) -> object:
        return object()

    def get_account(self) -> dict[str, str]:
        return {"cloudwatchRoleArn": self.log_role}

    def get_email_identity(self, **named: str) -> dict[str, Any]:
        raise KeyError(named["EmailIdentity"])

    def describe_stacks(self, **named: str) -> dict[str, Any]:
        if self.status is None:
            message = f"Stack with id {named['StackName']} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        return {"Stacks": [{"StackStatus": self.status}]}


def _look(session: FakeSession, **more: str) -> Request:
    asked = Request(Environment("dev", "contactflow-dev", None, None, {}), NEEDED | more)
    return preflight.look(asked, DECLARED, Account(session, "contactflow-dev"))[1]


@pytest.mark.parametrize(
    ("session", "given", "expected"),
    [
        (FakeSession("arn:role", None), {}, "off"),
        (FakeSession("arn:role", None), {"ApiGatewayLogRole": "on"}, "on"),
        (FakeSession("arn:role", "UPDATE_COMPLETE"), {}, None),
        (FakeSession("", None), {}, None),
    ],
)
def test_the_accounts_log_role_is_left_alone_by_a_first_deployment(
    session: FakeSession, given: dict[str, str], expected: str | None
) -> None:
    assert _look(session, **given).parameters.get("ApiGatewayLogRole") == expected


def test_what_a_failed_first_deployment_left_is_to_be_taken_away_first() -> None:
    with pytest.raises(RefusedError, match="make destroy ENV=dev"):
        _look(FakeSession("", "ROLLBACK_COMPLETE"))


def test_a_change_set_that_nobody_executed_is_no_stack() -> None:
    assert _look(FakeSession("arn:role", "REVIEW_IN_PROGRESS")).parameters["ApiGatewayLogRole"] == "off"
