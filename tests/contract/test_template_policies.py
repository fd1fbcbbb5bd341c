"""Who may do what, in every policy of template.yaml. What the policies then allow is another test's matter."""

import json
from typing import Any

import pytest

from tests.contract.test_template import FUNCTIONS
from tests.contract.translated import (
    listed,
    of_type,
    policy_statements,
    resource,
    resource_policies,
    role_statements,
)

LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
CONSUME = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
# Log deliveries of Step Functions know no resource: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
WITHOUT_RESOURCE = {
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
}
THE_OWNER = [{"Ref": "OwnerAddress"}]
EVERY_OWNER = {"Fn::Split": [",", {"Ref": "FormAddresses"}]}
ALLOWED = {
    "IntakeRole": {"sqs:SendMessage"},
    "StatusRole": {"dynamodb:GetItem"},
    "StartDeliveryFunctionRole": CONSUME
    | LOG
    | {
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "states:StartExecution",
        "sqs:SendMessage",
    },
    "DeliveryStateMachineRole": WITHOUT_RESOURCE
    | {"lambda:InvokeFunction", "dynamodb:UpdateItem", "sqs:SendMessage", "sns:Publish"},
    "SendEmailFunctionRole": LOG | {"dynamodb:UpdateItem", "ses:SendEmail"},
    "SendAcknowledgementFunctionRole": LOG | {"dynamodb:GetItem", "dynamodb:PutItem", "ses:SendEmail"},
    "ProcessFeedbackFunctionRole": CONSUME
    | LOG
    | {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "sns:Publish"},
    "SweepFunctionRole": LOG | {"dynamodb:Query", "dynamodb:UpdateItem", "sqs:SendMessage"},
    "NotifyWebhookFunctionRole": CONSUME | LOG | {"sqs:ChangeMessageVisibility"},
    "ApiGatewayLogRoleForAccount": LOG
    | {
        "logs:CreateLogGroup",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
    },
}


def _actions(role: str) -> list[str]:
    return [action for statement in role_statements(role) for action in listed(statement["Action"])]


def _sending(role: str) -> dict[str, Any]:
    [statement] = [s for s in role_statements(role) if s["Action"] == "ses:SendEmail"]
    return statement


def _service_statements() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, statement)
        for name, policy in resource_policies().items()
        for statement in policy_statements(policy)
        if statement["Effect"] == "Allow"
    ]


def test_the_roles_are_the_ones_listed_here() -> None:
    assert of_type("AWS::IAM::Role").keys() == ALLOWED.keys()


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_may_do_exactly_what_is_listed_each_action_spelled_out(role: str) -> None:
    assert set(_actions(role)) == ALLOWED[role]
    assert not any("*" in action for action in _actions(role))


@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_has_no_managed_policy(role: str) -> None:
    assert "ManagedPolicyArns" not in resource(role)


@pytest.mark.parametrize("role", ALLOWED)
def test_a_permission_names_its_resource_unless_aws_knows_none(role: str) -> None:
    anywhere = [statement for statement in role_statements(role) if "*" in listed(statement["Resource"])]
    assert {action for statement in anywhere for action in listed(statement["Action"])} <= WITHOUT_RESOURCE


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_has_a_role_that_only_it_has(function: str) -> None:
    assert resource(function)["Role"] == {"Fn::GetAtt": [f"{function}Role", "Arn"]}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_write_to_its_own_log_group_only(function: str) -> None:
    [statement] = [s for s in role_statements(f"{function}Role") if set(listed(s["Action"])) == LOG]
    assert statement["Resource"] == {"Fn::GetAtt": [f"{function}LogGroup", "Arn"]}


def test_mail_to_the_owner_can_go_to_nobody_else_and_come_from_nobody_else() -> None:
    assert _sending("SendEmailFunctionRole")["Condition"] == {
        "ForAllValues:StringEquals": {"ses:Recipients": {"Fn::If": ["HasForms", EVERY_OWNER, THE_OWNER]}},
        "StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}},
    }


def test_an_acknowledgement_can_come_from_the_sender_only() -> None:
    assert _sending("SendAcknowledgementFunctionRole")["Condition"] == {
        "StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}}
    }


@pytest.mark.parametrize(
    ("role", "own", "other"),
    [
        ("SendEmailFunctionRole", "${ConfigurationSet}", "${AcknowledgementConfigurationSet}"),
        ("SendAcknowledgementFunctionRole", "${AcknowledgementConfigurationSet}", "${ConfigurationSet}"),
    ],
)
def test_a_sender_may_use_its_own_configuration_set_and_never_the_other(
    role: str, own: str, other: str
) -> None:
    resources = json.dumps(_sending(role)["Resource"])
    assert own in resources
    assert other not in resources


def test_the_status_endpoint_may_read_the_attributes_it_asks_for_and_no_message() -> None:
    [statement] = role_statements("StatusRole")
    readable = statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    body = resource("ContactApi")["Body"]["paths"]["/messages/{id}"]["get"]
    request = body["x-amazon-apigateway-integration"]["requestTemplates"]["application/json"]["Fn::Sub"]
    asked = request.partition('"ProjectionExpression":"')[2].partition('"')[0].replace("#status", "status")
    assert readable == ["pk", "sk", *asked.split(",")]
    assert statement["Condition"]["StringEqualsIfExists"] == {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}
    assert statement["Condition"]["ForAllValues:StringLike"] == {"dynamodb:LeadingKeys": ["MSG#*"]}


@pytest.mark.parametrize("policy", resource_policies())
def test_plain_http_is_refused(policy: str) -> None:
    [refusal] = [s for s in policy_statements(resource_policies()[policy]) if s["Effect"] == "Deny"]
    assert refusal["Principal"] == "*"
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_every_queue_topic_and_bucket_has_a_policy() -> None:
    kinds = ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::S3::Bucket")
    assert {f"{name}Policy" for kind in kinds for name in of_type(kind)} == resource_policies().keys()


@pytest.mark.parametrize(("policy", "statement"), _service_statements())
def test_a_service_is_let_in_for_one_named_source_in_this_account(
    policy: str, statement: dict[str, Any]
) -> None:
    conditions = {key: value for tests in statement["Condition"].values() for key, value in tests.items()}
    source = json.dumps(conditions["aws:SourceArn"])
    assert statement["Principal"].keys() == {"Service"}, policy
    if "aws:SourceAccount" in conditions:
        assert conditions["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}
    else:
        assert "${AWS::AccountId}" in source, policy
    assert "*" not in source or "${AWS::AccountId}" in source


def test_the_workflows_role_is_for_this_state_machine_only() -> None:
    [trust] = resource("DeliveryStateMachineRole")["AssumeRolePolicyDocument"]["Statement"]
    name = resource("DeliveryStateMachine")["StateMachineName"]["Fn::Sub"]
    assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert trust["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(f":stateMachine:{name}")
