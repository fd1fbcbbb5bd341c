"""What a stack with several forms is made of, as the embedded cloud creates it."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from ops import forms, forms_file
from ops.local import cloud, stack
from schemas.forms import Form

FORMS = (
    Form(
        id="sales", owner="sales@example.com", fallback="boss@example.com", origin="https://shop.example.com"
    ),
    Form(id="jobs", owner="hr@example.com", origin="https://jobs.example.com", language="de"),
)
FUNCTIONS = ("StartDelivery", "SendEmail", "SendAcknowledgement", "ProcessFeedback")
#: of all environment variables together: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
MOST = 4096


@pytest.fixture(scope="module")
def created() -> Iterator[stack.Stack]:
    running = cloud.start()
    try:
        yield stack.create({"SenderAddress": "s@example.com"} | forms.parameters(FORMS))
    finally:
        running.stop()


def _sending(created: stack.Stack) -> dict[str, Any]:
    role = created.physical_ids["SendEmailFunctionRole"]
    document: Any = boto3.client("iam").get_role_policy(RoleName=role, PolicyName="send-to-the-owner")
    written = document["PolicyDocument"]
    # moto answers with Python's own spelling of a policy that CloudFormation made.
    policy = json.loads(written.replace("'", '"')) if isinstance(written, str) else written
    [statement] = [one for one in policy["Statement"] if one["Action"] == "ses:SendEmail"]
    return dict(statement)


def _environment(created: stack.Stack, function: str) -> dict[str, str]:
    name = created.physical_ids[f"{function}Function"]
    configured = boto3.client("lambda").get_function_configuration(FunctionName=name)
    return dict(configured["Environment"]["Variables"])


def test_the_role_lets_mail_go_to_every_owner_and_fallback_and_to_nobody_else(created: stack.Stack) -> None:
    assert _sending(created)["Condition"] == {
        "ForAllValues:StringEquals": {
            "ses:Recipients": ["sales@example.com", "boss@example.com", "hr@example.com"]
        },
        "StringEquals": {"ses:FromAddress": "s@example.com"},
    }
    assert created.outputs["Recipients"].split(",") == [
        "sales@example.com",
        "boss@example.com",
        "hr@example.com",
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_that_asks_for_a_form_is_given_the_forms(created: stack.Stack, function: str) -> None:
    assert _environment(created, function)["FORMS"] == forms.parameters(FORMS)["Forms"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_longest_file_leaves_room_for_the_other_variables(created: stack.Stack, function: str) -> None:
    others = {name: value for name, value in _environment(created, function).items() if name != "FORMS"}
    # ARNs and URLs grow with the stack's name, which has 128 characters at most.
    room = sum(len(name) + len(str(value)) for name, value in others.items()) + 3 * 128
    assert room + len("FORMS") + forms_file.LONGEST_LINE <= MOST
