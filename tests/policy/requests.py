"""What must be allowed: the recorded calls, and what AWS does in our roles or as a service that we let in."""

from collections.abc import Iterator
from typing import Any

from tests.policy.engine import Request
from tests.policy.recording import Call
from tests.policy.resolved import ACCOUNT, REGION, Resolved

_TABLE_CONTEXT = {
    "dynamodb:LeadingKeys": "MSG#1",
    "dynamodb:Attributes": [
        "pk",
        "sk",
        "messageId",
        "status",
        "acceptedAt",
        "updatedAt",
        "sentAt",
        "settledAt",
    ],
    "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
}
_TO_OWNER: dict[str, str | list[str]] = {
    "ses:Recipients": ["owner@example.org"],
    "ses:FromAddress": "noreply@example.com",
}
_TO_VISITOR: dict[str, str | list[str]] = {
    "ses:Recipients": ["ann@example.net"],
    "ses:FromAddress": "noreply@example.com",
}
_GATEWAY = {"sqs:SendMessage": "IntakeRole", "dynamodb:GetItem": "StatusRole"}
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
_POLL = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_WRITE_LOG = ("logs:CreateLogStream", "logs:PutLogEvents")
# https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
_DELIVER_LOGS = (
    *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery"),
    *("logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies"),
    "logs:DescribeLogGroups",
)
# AmazonAPIGatewayPushToCloudWatchLogs: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
_LOG_OF_APIS = (
    *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams"),
    *("logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents"),
)


def in_role(call: Call) -> Request:
    """A recorded call as IAM gets it: in the caller's role, with the context that AWS adds."""
    role = _GATEWAY[call.action] if call.caller == "ContactApi" else f"{call.caller}Role"
    context: dict[str, Any] = {}
    if role == "StatusRole":
        context = dict(_TABLE_CONTEXT)
    elif call.action == "ses:SendEmail":
        context = dict(_TO_OWNER if call.caller == "SendEmailFunction" else _TO_VISITOR)
    return Request(role, call.action, call.resource, context)


def of_aws_in_our_roles(resolved: Resolved) -> Iterator[Request]:
    for mapping in resolved.of_type("AWS::Lambda::EventSourceMapping").values():
        queue = mapping["EventSourceArn"].rpartition(":")[2]
        yield from (Request(f"{mapping['FunctionName']}Role", action, queue) for action in _POLL)
    for name in resolved.of_type("AWS::Lambda::Function"):
        yield from (Request(f"{name}Role", action, f"{name}LogGroup") for action in _WRITE_LOG)
    for name in resolved.of_type("AWS::StepFunctions::StateMachine"):
        yield from (Request(f"{name}Role", action, "*") for action in _DELIVER_LOGS)
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/apigateway/contactflow:"
    for action in _LOG_OF_APIS:
        of_stream = action in ("logs:PutLogEvents", "logs:GetLogEvents")
        on = "*" if action == "logs:DescribeLogGroups" else group + ("log-stream:1" if of_stream else "*")
        yield Request("ApiGatewayLogRoleForAccount", action, on)
    yield from _documented_alternatives()


def _documented_alternatives() -> Iterator[Request]:
    """SES asks for the sender's most specific identity, in the sandbox for the recipient's too: see template.yaml."""
    identities = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/"
    for address in ("noreply@example.com", "owner@example.org"):
        yield Request("SendEmailFunctionRole", "ses:SendEmail", identities + address, _TO_OWNER)
    yield Request(
        "SendAcknowledgementFunctionRole", "ses:SendEmail", f"{identities}noreply@example.com", _TO_VISITOR
    )


def of_services(resolved: Resolved) -> Iterator[Request]:
    """What services do on their own, each known from the resource that makes it do so."""
    for subscription in resolved.of_type("AWS::SNS::Subscription").values():
        if subscription["Protocol"] == "sqs":
            yield _from(
                "sns.amazonaws.com", "sqs:SendMessage", subscription["Endpoint"], subscription["TopicArn"]
            )
    for destination in resolved.of_type("AWS::SES::ConfigurationSetEventDestination").values():
        topic = destination["EventDestination"]["SnsDestination"]["TopicARN"]
        source = resolved.arn(destination["ConfigurationSetName"])
        yield _from("ses.amazonaws.com", "sns:Publish", topic, source)
    yield from _of_the_watch(resolved)
    for name in resolved.of_type("AWS::CloudFront::Distribution"):
        yield Request(
            "cloudfront.amazonaws.com",
            "s3:GetObject",
            "SiteBucket/index.html",
            {"aws:SourceArn": resolved.arn(name)},
        )


def _of_the_watch(resolved: Resolved) -> Iterator[Request]:
    for name, alarm in resolved.of_type("AWS::CloudWatch::Alarm").items():
        for topic in alarm["AlarmActions"]:
            yield _from("cloudwatch.amazonaws.com", "sns:Publish", topic, resolved.arn(name))
    for name, rule in resolved.of_type("AWS::Events::Rule").items():
        for target in rule["Targets"]:
            action = "sqs:SendMessage" if ":sqs:" in target["Arn"] else "lambda:InvokeFunction"
            yield _from("events.amazonaws.com", action, target["Arn"], resolved.arn(name))


def _from(service: str, action: str, arn: str, source: str) -> Request:
    return Request(service, action, arn.rpartition(":")[2], {"aws:SourceArn": source})


def permissions(resolved: Resolved) -> Iterator[tuple[str, str, str]]:
    """(role, action, ARN pattern) of everything that a role may do."""
    for role, properties in resolved.of_type("AWS::IAM::Role").items():
        for policy in properties["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in _listed(statement["Action"]):
                    yield from ((role, action, pattern) for pattern in _listed(statement["Resource"]))


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
