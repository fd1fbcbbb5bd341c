"""What must be denied: each row is one permission too many, or one forged source."""

from collections.abc import Iterator

from tests.policy.engine import Request
from tests.policy.resolved import ACCOUNT, REGION

_OTHER = "210987654321"
_ALERTS, _FEEDBACK = (f"arn:aws:sns:{REGION}:{ACCOUNT}:{name}" for name in ("AlertTopic", "FeedbackTopic"))
_RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/other"
_SITE = f"arn:aws:cloudfront::{ACCOUNT}:distribution/SiteDistribution"
_SES = f"arn:aws:ses:{REGION}:{ACCOUNT}"
_TO_OWNER: dict[str, str | list[str]] = {
    "ses:Recipients": ["owner@example.org"],
    "ses:FromAddress": "noreply@example.com",
}
_STATUS: dict[str, str | list[str]] = {
    "dynamodb:LeadingKeys": "MSG#1",
    "dynamodb:Attributes": ["pk", "sk", "status"],
    "dynamodb:Select": "SPECIFIC_ATTRIBUTES",
}
_PLAIN_HTTP = {"aws:SecureTransport": "false"}


def forged() -> list[Request]:
    return [*_other_resources(), *_mail(), *_records(), *_confused_deputies(), *_over_plain_http()]


def forged_with_one_owner() -> list[Request]:
    """Of several owners the template names no identity but the addresses: in the sandbox SES asks for each owner's."""
    return [Request("SendEmailFunctionRole", "ses:SendEmail", f"{_SES}:identity/other.example", _TO_OWNER)]


def _other_resources() -> Iterator[Request]:
    for who, action, on in (
        ("IntakeRole", "sqs:SendMessage", "EventsQueue"),
        ("IntakeRole", "sqs:SendMessage", "ReviewQueue"),
        ("IntakeRole", "sqs:SendMessage", f"arn:aws:sqs:{REGION}:{_OTHER}:IntakeQueue"),
        ("IntakeRole", "sqs:ReceiveMessage", "IntakeQueue"),
        ("IntakeRole", "sqs:PurgeQueue", "IntakeQueue"),
        ("StartDeliveryFunctionRole", "sqs:SendMessage", "IntakeQueue"),
        ("StartDeliveryFunctionRole", "sqs:ReceiveMessage", "ReviewQueue"),
        ("StartDeliveryFunctionRole", "sqs:DeleteMessage", "EventsQueue"),
        ("StartDeliveryFunctionRole", "ses:SendEmail", f"{_SES}:identity/example.com"),
        ("StartDeliveryFunctionRole", "states:DeleteStateMachine", "DeliveryStateMachine"),
        ("StartDeliveryFunctionRole", "lambda:InvokeFunction", "SendEmailFunction"),
        ("SendEmailFunctionRole", "sqs:SendMessage", "ReviewQueue"),
        ("SendEmailFunctionRole", "states:StartExecution", "DeliveryStateMachine"),
        ("SendAcknowledgementFunctionRole", "sns:Publish", "AlertTopic"),
        ("ProcessFeedbackFunctionRole", "sqs:ReceiveMessage", "IntakeQueue"),
        ("ProcessFeedbackFunctionRole", "sns:Publish", "FeedbackTopic"),
        ("SweepFunctionRole", "sqs:ReceiveMessage", "ReviewQueue"),
        ("SweepFunctionRole", "dynamodb:Query", "MessagesTable"),
        ("NotifyWebhookFunctionRole", "sqs:ReceiveMessage", "WebhookDeadLetterQueue"),
        ("NotifyWebhookFunctionRole", "dynamodb:GetItem", "MessagesTable"),
        ("DeliveryStateMachineRole", "lambda:InvokeFunction", "SweepFunction"),
        ("DeliveryStateMachineRole", "sqs:SendMessage", "IntakeQueue"),
        ("DeliveryStateMachineRole", "sns:Publish", "FeedbackTopic"),
        ("SendEmailFunctionRole", "logs:PutLogEvents", "SweepFunctionLogGroup"),
        ("SendEmailFunctionRole", "iam:PassRole", "SendEmailFunctionRole"),
        ("SweepFunctionRole", "s3:GetObject", "SiteBucket/index.html"),
    ):
        yield Request(who, action, on)


def _mail() -> Iterator[Request]:
    """Never an open relay: not to others, not from others, not past the configuration set that reports back."""
    for changed in (
        {"ses:Recipients": ["victim@example.net"]},
        {"ses:Recipients": ["owner@example.org", "victim@example.net"]},
        {"ses:Recipients": ["OWNER@example.org.evil.example"]},
        {"ses:FromAddress": "ceo@example.com"},
        {"ses:FromAddress": "noreply@evil.example"},
    ):
        yield Request("SendEmailFunctionRole", "ses:SendEmail", "SenderIdentity", _TO_OWNER | changed)
    yield Request("SendEmailFunctionRole", "ses:SendEmail", "AcknowledgementConfigurationSet", _TO_OWNER)
    yield Request("SendAcknowledgementFunctionRole", "ses:SendEmail", "ConfigurationSet", _TO_OWNER)
    forged_sender = _TO_OWNER | {"ses:FromAddress": "ceo@example.com"}
    yield Request("SendAcknowledgementFunctionRole", "ses:SendEmail", "SenderIdentity", forged_sender)
    yield Request("SendEmailFunctionRole", "ses:SendRawEmail", "SenderIdentity", _TO_OWNER)


def _records() -> Iterator[Request]:
    """The status endpoint reads no message, no foreign item, nothing whole; nobody scans or deletes."""
    for changed in (
        {"dynamodb:Attributes": ["pk", "sk", "submission"]},
        {"dynamodb:Select": "ALL_ATTRIBUTES"},
        {"dynamodb:LeadingKeys": "ALERT#owner-unreachable"},
    ):
        yield Request("StatusRole", "dynamodb:GetItem", "MessagesTable", _STATUS | changed)
    yield Request("StatusRole", "dynamodb:PutItem", "MessagesTable")
    for role in (
        "StatusRole",
        "StartDeliveryFunctionRole",
        "SendEmailFunctionRole",
        "ProcessFeedbackFunctionRole",
    ):
        yield Request(role, "dynamodb:Scan", "MessagesTable")
        yield Request(role, "dynamodb:DeleteItem", "MessagesTable")


def _confused_deputies() -> Iterator[Request]:
    """A service that somebody else's resource sends to ours; or another service; or nobody's principal."""
    for service, action, on, source in (
        ("sns.amazonaws.com", "sqs:SendMessage", "EventsQueue", f"arn:aws:sns:{REGION}:{_OTHER}:FeedbackTopic"),
        ("sns.amazonaws.com", "sqs:SendMessage", "EventsQueue", _ALERTS),
        ("sns.amazonaws.com", "sqs:SendMessage", "IntakeQueue", _FEEDBACK),
        ("sns.amazonaws.com", "sqs:SendMessage", "WebhookQueue", _FEEDBACK),
        ("sns.amazonaws.com", "sqs:SendMessage", "WebhookDeadLetterQueue", _ALERTS),
        ("sns.amazonaws.com", "sqs:ReceiveMessage", "EventsQueue", _FEEDBACK),
        ("ses.amazonaws.com", "sns:Publish", "FeedbackTopic", f"arn:aws:ses:{REGION}:{_OTHER}:configuration-set/x"),
        ("ses.amazonaws.com", "sns:Publish", "FeedbackTopic", f"{_SES}:configuration-set/of-another-stack"),
        ("ses.amazonaws.com", "sns:Publish", "FeedbackTopic", f"{_SES}:identity/example.com"),
        ("ses.amazonaws.com", "sns:Publish", "AlertTopic", f"{_SES}:configuration-set/ConfigurationSet"),
        ("cloudwatch.amazonaws.com", "sns:Publish", "AlertTopic", f"arn:aws:cloudwatch:{REGION}:{_OTHER}:alarm:x"),
        ("cloudwatch.amazonaws.com", "sns:Publish", "FeedbackTopic", f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:x"),
        ("events.amazonaws.com", "sqs:SendMessage", "ReviewQueue", f"arn:aws:events:{REGION}:{_OTHER}:rule/x"),
        ("events.amazonaws.com", "sqs:SendMessage", "ReviewQueue", _RULE),
        ("events.amazonaws.com", "lambda:InvokeFunction", "SweepFunction", f"arn:aws:events:{REGION}:{_OTHER}:rule/x"),
        ("events.amazonaws.com", "lambda:InvokeFunction", "SendEmailFunction", _RULE),
        ("cloudfront.amazonaws.com", "s3:GetObject", "SiteBucket/x", f"arn:aws:cloudfront::{_OTHER}:distribution/E1"),
        ("cloudfront.amazonaws.com", "s3:PutObject", "SiteBucket/index.html", _SITE),
        (f"arn:aws:iam::{_OTHER}:role/Admin", "sqs:SendMessage", "IntakeQueue", ""),
        (f"arn:aws:iam::{_OTHER}:role/Admin", "sns:Publish", "FeedbackTopic", ""),
    ):  # fmt: skip
        owner = _OTHER if _OTHER in source else ACCOUNT
        more = (
            {"aws:SourceArn": source, "aws:SourceAccount": owner}
            if source
            else {"aws:PrincipalAccount": _OTHER}
        )
        yield Request(service, action, on, more)
    for service, action, on in (
        ("sns.amazonaws.com", "sqs:SendMessage", "EventsQueue"),
        ("ses.amazonaws.com", "sns:Publish", "FeedbackTopic"),
        ("events.amazonaws.com", "sqs:SendMessage", "ReviewQueue"),
        ("cloudwatch.amazonaws.com", "sns:Publish", "AlertTopic"),
    ):
        yield Request(service, action, on)


def _over_plain_http() -> Iterator[Request]:
    yield Request("IntakeRole", "sqs:SendMessage", "IntakeQueue", _PLAIN_HTTP)
    yield Request("StartDeliveryFunctionRole", "sqs:SendMessage", "ReviewQueue", _PLAIN_HTTP)
    yield Request("ProcessFeedbackFunctionRole", "sqs:ReceiveMessage", "EventsQueue", _PLAIN_HTTP)
    yield Request("NotifyWebhookFunctionRole", "sqs:ReceiveMessage", "WebhookQueue", _PLAIN_HTTP)
    yield Request("DeliveryStateMachineRole", "sns:Publish", "AlertTopic", _PLAIN_HTTP)
    feedback = {"aws:SourceArn": f"{_SES}:configuration-set/ConfigurationSet"}
    yield Request("ses.amazonaws.com", "sns:Publish", "FeedbackTopic", feedback | _PLAIN_HTTP)
    site = {"aws:SourceArn": _SITE}
    yield Request("cloudfront.amazonaws.com", "s3:GetObject", "SiteBucket/index.html", site | _PLAIN_HTTP)
