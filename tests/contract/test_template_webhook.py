"""The webhook: there only if an address is given, fed by one topic, tried as often as the schedule has waits."""

import re

import pytest

from handlers import settings
from handlers.core import webhook
from tests.contract.translated import of_type, resource, role_statements, template

SECRET = "whsec_" + "A" * 43 + "="


def _matches(parameter: str, value: str) -> bool:
    return re.fullmatch(template()["Parameters"][parameter]["AllowedPattern"], value) is not None


def test_without_an_address_nothing_of_the_webhook_is_made() -> None:
    ours = {name: r for name, r in template()["Resources"].items() if "Webhook" in name}
    assert len(ours) == 9
    assert {name for name, r in ours.items() if r.get("Condition") != "HasWebhook"} == set()
    conditional = {name for name, o in template()["Outputs"].items() if o.get("Condition") == "HasWebhook"}
    assert conditional == {"WebhookQueueUrl", "WebhookDeadLetterQueueUrl"}


def test_an_address_without_a_secret_is_refused_before_anything_is_made() -> None:
    rule = template()["Rules"]["WebhooksAreSigned"]
    assert rule["RuleCondition"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebhookUrl"}, ""]}]}
    assert rule["Assertions"][0]["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebhookSecret"}, ""]}]}


@pytest.mark.parametrize("parameter", ["WebhookUrl", "WebhookSecret"])
def test_address_and_secret_are_shown_to_nobody(parameter: str) -> None:
    assert template()["Parameters"][parameter]["NoEcho"] is True


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", True),
        ("https://example.com:8443/hook?channel=ops", True),
        ("http://127.0.0.1:8000/hook", True),
        ("http://example.com/hook", False),
        ("http://127.0.0.1.example.com:80/hook", False),
        ("https://user:password@example.com/hook", False),
        ("https://example.com/hook\nx", False),
        ("ftp://example.com/hook", False),
    ],
)
def test_what_is_posted_to_is_https_or_this_machine(url: str, allowed: bool) -> None:  # noqa: FBT001 - the expectation
    assert _matches("WebhookUrl", url) is allowed


@pytest.mark.parametrize(
    ("secret", "allowed"),
    [
        (SECRET, True),
        (f"{SECRET} {SECRET}", True),
        ("whsec_" + "A" * 32, True),
        ("whsec_" + "A" * 28, False),
        ("whsec_" + "A" * 33, False),
        (SECRET.removeprefix("whsec_"), False),
        (f"{SECRET} {SECRET} {SECRET}", False),
    ],
)
def test_a_secret_is_one_or_two_as_standard_webhooks_writes_them(secret: str, allowed: bool) -> None:  # noqa: FBT001 - the expectation
    assert _matches("WebhookSecret", secret) is allowed
    if allowed:
        webhook.headers("id", 1, b"{}", secret)


def test_the_functions_settings_take_what_the_parameters_take() -> None:
    settings.NotifyWebhookSettings(
        WEBHOOK_URL="https://example.com/x", WEBHOOK_SECRET=SECRET, WEBHOOK_QUEUE_URL="https://sqs/q"
    )


def test_an_alert_is_tried_as_often_as_the_schedule_says_and_outlives_it() -> None:
    queue = resource("WebhookQueue")
    assert queue["RedrivePolicy"]["maxReceiveCount"] == webhook.TRIES == 15
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["WebhookDeadLetterQueue", "Arn"]}
    assert queue["MessageRetentionPeriod"] > 2 * sum(webhook.WAITS)
    assert resource("WebhookDeadLetterQueue")["MessageRetentionPeriod"] == 14 * 86_400


def test_only_the_alert_topic_may_put_something_into_the_queue() -> None:
    [statement] = [
        s for s in resource("WebhookQueuePolicy")["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"
    ]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"]["ArnEquals"] == {"aws:SourceArn": {"Ref": "AlertTopic"}}


def test_the_alert_comes_in_the_envelope_that_holds_its_id() -> None:
    assert resource("WebhookSubscription") == {
        "TopicArn": {"Ref": "AlertTopic"},
        "Protocol": "sqs",
        "Endpoint": {"Fn::GetAtt": ["WebhookQueue", "Arn"]},
        "RawMessageDelivery": False,
    }


def test_the_function_touches_its_own_queue_and_its_own_log_alone() -> None:
    touched = [
        statement["Resource"]["Fn::GetAtt"][0] for statement in role_statements("NotifyWebhookFunctionRole")
    ]
    assert touched == ["WebhookQueue", "NotifyWebhookFunctionLogGroup"]


def test_alerts_are_posted_one_by_one_and_by_two_at_most() -> None:
    [mapping] = [
        m
        for m in of_type("AWS::Lambda::EventSourceMapping").values()
        if m["EventSourceArn"] == {"Fn::GetAtt": ["WebhookQueue", "Arn"]}
    ]
    assert (mapping["BatchSize"], mapping["FunctionResponseTypes"]) == (1, ["ReportBatchItemFailures"])
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
