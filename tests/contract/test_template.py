"""What the parts of template.yaml owe each other, and what ops/ and people read from it."""

import importlib
import json
from typing import Any

import pytest

from handlers import settings
from schemas.record import MessageRecord
from schemas.workflow import ReviewMessage
from tests.contract.translated import of_type, resource, template

FUNCTIONS = {
    "StartDeliveryFunction": "handlers.start_delivery.handler",
    "SendEmailFunction": "handlers.send_email.handler",
    "SendAcknowledgementFunction": "handlers.send_acknowledgement.handler",
    "ProcessFeedbackFunction": "handlers.process_feedback.handler",
    "SweepFunction": "handlers.sweep.handler",
    "NotifyWebhookFunction": "handlers.notify_webhook.handler",
}
OUTPUTS = {
    "ApiUrl SiteBucketName SiteUrl IntakeQueueUrl IntakeQueueArn EventsQueueUrl ReviewQueueUrl ReviewQueueArn",
    "MessagesTableName DeliveryStateMachineArn FeedbackTopicArn AlertTopicArn ConfigurationSetName",
    "SiteDistributionId WebhookQueueUrl WebhookDeadLetterQueueUrl",
    "AcknowledgementConfigurationSetName SenderIdentityName OwnerAddress Recipients",
    "DkimRecord1 DkimRecord2 DkimRecord3 SpfRecord MailFromMxRecord DmarcRecord",
}
DEFAULTS: dict[str, Any] = {
    "Forms": "",
    "FormAddresses": "",
    "FormOrigins": "",
    "FormPages": "",
    "ThankYouPages": "",
    "AlertAddress": "",
    "AlertPhoneNumber": "",
    "WebhookUrl": "",
    "WebhookSecret": "",
    "ThrottleRate": 50,
    "ThrottleBurst": 100,
    "SesSendRate": 14,
    "Acknowledgement": "off",
    "RetentionDays": 30,
    "LogRetentionDays": 30,
    "OutcomeDeadlineSeconds": 900,
    "RequireProofOfWork": "false",
    "MinimumFillMilliseconds": 3000,
    "ContentScoreLimit": 5,
    "AddressDailyCap": 20,
    "RecipientDailyCap": 1000,
    "CloudFront": "off",
    "RateLimitPerAddress": "0",
    "CustomerManagedKey": "off",
    "ApiGatewayLogRole": "on",
    "ExistingIdentity": "",
}


def _environment(function: str) -> dict[str, Any]:
    variables: dict[str, Any] = resource(function)["Environment"]["Variables"]
    return variables


def test_everything_that_people_and_ops_read_is_an_output() -> None:
    assert template()["Outputs"].keys() == {name for line in OUTPUTS for name in line.split()}


def test_only_the_two_addresses_and_the_origin_have_to_be_given() -> None:
    parameters = template()["Parameters"]
    assert {name: p["Default"] for name, p in parameters.items() if "Default" in p} == DEFAULTS
    assert parameters.keys() - DEFAULTS.keys() == {"SenderAddress", "OwnerAddress", "AllowedOrigin"}


def test_the_functions_are_those_of_the_architecture() -> None:
    assert {name: f["Handler"] for name, f in of_type("AWS::Lambda::Function").items()} == FUNCTIONS


@pytest.mark.parametrize("handler", FUNCTIONS.values())
def test_every_handler_is_a_function_in_this_repository(handler: str) -> None:
    module, name = handler.rsplit(".", 1)
    assert callable(getattr(importlib.import_module(module), name))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_runs_on_python_3_13_and_arm(function: str) -> None:
    properties = resource(function)
    assert (properties["Runtime"], properties["Architectures"]) == ("python3.13", ["arm64"])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_gets_exactly_the_settings_that_it_reads(function: str) -> None:
    model = getattr(settings, function.removesuffix("Function") + "Settings")
    assert _environment(function).keys() == model.model_fields.keys()


def test_the_same_setting_has_the_same_value_in_every_function() -> None:
    values: dict[str, set[str]] = {}
    for function in FUNCTIONS:
        for name, value in _environment(function).items():
            values.setdefault(name, set()).add(json.dumps(value))
    assert [name for name, different in values.items() if len(different) > 1] == []


def test_every_log_group_forgets_after_the_chosen_days() -> None:
    kept = [group["RetentionInDays"] for group in of_type("AWS::Logs::LogGroup").values()]
    assert all(days == {"Ref": "LogRetentionDays"} for days in kept)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_function_logs_json_to_a_log_group_of_its_own(function: str) -> None:
    logging = resource(function)["LoggingConfig"]
    assert logging["LogGroup"] == {"Ref": f"{function}LogGroup"}
    assert logging["LogFormat"] == "JSON"


def test_no_execution_data_gets_into_a_log_or_a_trace() -> None:
    machine = resource("DeliveryStateMachine")
    assert machine["StateMachineType"] == "STANDARD"
    assert machine["LoggingConfiguration"]["Level"] == "ERROR"
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert "TracingConfiguration" not in machine


def test_an_execution_that_ends_badly_becomes_a_review_message() -> None:
    rule = resource("FailedExecutionRule")
    [target] = rule["Targets"]
    example = {"messageId": '"6c1f2a5e"', "reason": '"TIMED_OUT"'}
    body = target["InputTransformer"]["InputTemplate"]
    for name, value in example.items():
        body = body.replace(f"<{name}>", value)
    assert ReviewMessage.model_validate_json(body).reason == "TIMED_OUT"
    assert rule["EventPattern"]["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
    assert target["Arn"] == {"Fn::GetAtt": ["ReviewQueue", "Arn"]}


def test_the_table_encrypts_can_be_restored_and_forgets_by_itself() -> None:
    table = resource("MessagesTable")
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expiresAt", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"]["SSEEnabled"] is True


def test_the_operators_index_names_known_attributes_and_never_the_message() -> None:
    [index] = resource("MessagesTable")["GlobalSecondaryIndexes"]
    projected = set(index["Projection"]["NonKeyAttributes"])
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["status", "updatedAt"]
    assert index["Projection"]["ProjectionType"] == "INCLUDE"
    assert projected <= MessageRecord.model_fields.keys() - {"submission", "contentHash", "events"}


@pytest.mark.parametrize(
    ("destination", "configuration_set"),
    [
        ("EventDestination", "ConfigurationSet"),
        ("AcknowledgementEventDestination", "AcknowledgementConfigurationSet"),
    ],
)
def test_every_ses_event_is_asked_for_but_opens_and_clicks(destination: str, configuration_set: str) -> None:
    properties = resource(destination)
    assert properties["ConfigurationSetName"] == {"Ref": configuration_set}
    assert properties["EventDestination"]["SnsDestination"] == {"TopicARN": {"Ref": "FeedbackTopic"}}
    assert set(properties["EventDestination"]["MatchingEventTypes"]) == {
        "send",
        "reject",
        "bounce",
        "complaint",
        "delivery",
        "renderingFailure",
        "deliveryDelay",
    }


def test_an_event_reaches_its_queue_as_ses_wrote_it() -> None:
    assert resource("FeedbackSubscription") == {
        "TopicArn": {"Ref": "FeedbackTopic"},
        "Protocol": "sqs",
        "Endpoint": {"Fn::GetAtt": ["EventsQueue", "Arn"]},
        "RawMessageDelivery": True,
    }


@pytest.mark.parametrize(
    ("logical_id", "parameter"),
    [("AlertSubscription", "AlertAddress"), ("AlertSmsSubscription", "AlertPhoneNumber")],
)
def test_alerts_go_to_an_address_or_a_number_only_if_one_is_given(logical_id: str, parameter: str) -> None:
    subscription = template()["Resources"][logical_id]
    assert subscription["Condition"] == f"Has{parameter}"
    assert subscription["Properties"]["Endpoint"] == {"Ref": parameter}


def test_the_page_is_reachable_through_cloudfront_alone() -> None:
    assert set(resource("SiteBucket")["PublicAccessBlockConfiguration"].values()) == {True}


def test_the_alarms_stay_within_the_ten_metrics_that_are_free() -> None:
    alarms = of_type("AWS::CloudWatch::Alarm")
    metrics = [m for a in alarms.values() for m in a.get("Metrics", [a]) if "Expression" not in m]
    assert len(metrics) <= 10


def test_every_alarm_tells_somebody_and_says_what_it_means() -> None:
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == [{"Ref": "AlertTopic"}]
        assert alarm["AlarmDescription"]


def test_the_dashboard_is_json_once_its_names_are_filled_in() -> None:
    assert len(json.loads(resource("Dashboard")["DashboardBody"]["Fn::Sub"])["widgets"]) == 6
