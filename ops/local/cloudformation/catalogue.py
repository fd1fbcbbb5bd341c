"""Which resource types the local stack knows, and why some of them do nothing there."""

from collections.abc import Callable, Mapping
from typing import Any

from ops.local import schedule
from ops.local.cloudformation import api, mail, workflow
from ops.local.cloudformation.resource import Created, Declaration

BY_MOTO = frozenset(
    {
        "AWS::CloudWatch::Dashboard",
        "AWS::DynamoDB::Table",
        "AWS::Events::Rule",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
        "AWS::KMS::Alias",
        "AWS::KMS::Key",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Lambda::Function",
        "AWS::Lambda::Permission",
        "AWS::Logs::LogGroup",
        "AWS::S3::Bucket",
        "AWS::SNS::Topic",
        "AWS::SQS::Queue",
        "AWS::SSM::Parameter",
    }
)

# type: (the property that names it, "" for none; what makes it)
ADDED: Mapping[str, tuple[str, Callable[[Declaration], Created]]] = {
    "AWS::ApiGateway::Deployment": ("", api.deployment),
    "AWS::ApiGateway::RestApi": ("Name", api.rest_api),
    "AWS::ApiGateway::Stage": ("StageName", api.stage),
    "AWS::SES::ConfigurationSet": ("Name", mail.configuration_set),
    "AWS::SES::ConfigurationSetEventDestination": ("", mail.event_destination),
    "AWS::SES::EmailIdentity": ("EmailIdentity", mail.identity),
    "AWS::SNS::Subscription": ("", mail.subscription),
    "AWS::StepFunctions::StateMachine": ("StateMachineName", workflow.state_machine),
}

WITHOUT_EFFECT: Mapping[str, str] = {
    "AWS::ApiGateway::Account": "API Gateway's logging role; no permission is checked locally",
    "AWS::CloudFront::Distribution": "the local runtime serves the site itself",
    "AWS::CloudFront::OriginAccessControl": "the local runtime serves the site itself",
    "AWS::CloudFront::ResponseHeadersPolicy": "the local runtime serves the site itself",
    "AWS::CloudWatch::Alarm": "no metric is collected locally",
    "AWS::CloudWatch::CompositeAlarm": "no metric is collected locally",
    "AWS::Logs::MetricFilter": "no metric is collected locally",
    "AWS::Logs::ResourcePolicy": "no permission is checked locally",
    "AWS::S3::BucketPolicy": "no permission is checked locally",
    "AWS::SNS::TopicPolicy": "no permission is checked locally",
    "AWS::SQS::QueuePolicy": "no permission is checked locally",
    "AWS::WAFv2::WebACL": "everything local comes from one address",
    "AWS::WAFv2::WebACLAssociation": "everything local comes from one address",
}


class UnknownResourceError(Exception):
    """The template has a resource that the local stack neither makes nor knowingly leaves out."""


def refuse_unknown(resources: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise UnknownResourceError if `resources` (logical id → declaration) has what nobody would make."""
    faults = [fault for name, resource in resources.items() for fault in _faults(name, resource)]
    if faults:
        raise UnknownResourceError("the local stack cannot make: " + "; ".join(faults))


def _faults(logical_id: str, resource: Mapping[str, Any]) -> list[str]:
    resource_type = resource["Type"]
    if resource_type not in BY_MOTO | ADDED.keys() | WITHOUT_EFFECT.keys():
        return [f"{logical_id} ({resource_type})"]
    expression = (
        resource["Properties"].get("ScheduleExpression") if resource_type == "AWS::Events::Rule" else None
    )
    if expression and not schedule.RATE.fullmatch(expression):
        return [f"{logical_id} ({resource_type} with {expression}: only rate() fires locally)"]
    return []


def without_effect(declaration: Declaration) -> Created:
    """A resource whose references resolve and which does nothing."""
    name = declaration.name
    arn = f"arn:aws:local:{declaration.region}:{declaration.account}:{declaration.logical_id}"
    return Created(name, {"Arn": arn, "Id": name, "DomainName": f"{declaration.logical_id.lower()}.invalid"})
