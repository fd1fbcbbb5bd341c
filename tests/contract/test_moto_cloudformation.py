import json
import time
from collections.abc import Iterator

import boto3
import pytest

from ops.local import cloud, stack
from ops.local.cloudformation.api import Throttle, throttle
from ops.local.cloudformation.catalogue import UnknownResourceError, refuse_unknown
from ops.local.cloudformation.mail import EventDestination, event_destinations
from ops.local.cloudformation.workflow import substitute
from tests.contract.moto_template import template

PARAMETERS = {"SenderAddress": "contact@example.org"}


@pytest.fixture
def created() -> Iterator[stack.Stack]:
    running = cloud.start()
    yield stack.create_from(template(), PARAMETERS)
    running.stop()


def test_outputs_resolve_to_what_was_created(created: stack.Stack) -> None:
    assert created.outputs["ApiUrl"] == (
        f"https://{created.physical_ids['Api']}.execute-api.us-east-1.amazonaws.com/prod"
    )
    assert created.outputs["DkimRecord1"] == "local1._domainkey.example.org CNAME local1.dkim.amazonses.com"
    assert created.outputs["TableName"] == created.physical_ids["Table"]


def test_the_api_definition_has_its_references_resolved(created: stack.Stack) -> None:
    assert created.api_definition["paths"]["/x"] == {"q": created.physical_ids["Events"]}
    assert (created.stage, created.throttle) == ("prod", Throttle(50, 100))


def test_a_resource_with_a_false_condition_is_not_in_the_stack(created: stack.Stack) -> None:
    assert "Never" not in created.physical_ids
    assert {"Table", "Machine", "EventsPolicy", "Subscription"} <= created.physical_ids.keys()


def test_the_event_destinations_of_a_configuration_set_are_known(created: stack.Stack) -> None:
    [destination] = event_destinations("feedback")
    assert destination == EventDestination(
        name=destination.name,
        enabled=True,
        matching_event_types=frozenset({"SEND", "DELIVERY_DELAY"}),
        topic_arn=created.physical_ids["Topic"],
    )
    assert event_destinations("no-such-set") == []


def test_a_subscription_with_raw_delivery_puts_the_bare_message_in_the_queue(created: stack.Stack) -> None:
    boto3.client("sns").publish(TopicArn=created.physical_ids["Topic"], Message="bare")
    received = boto3.client("sqs").receive_message(QueueUrl=created.physical_ids["Events"])
    assert [message["Body"] for message in received["Messages"]] == ["bare"]


def test_a_state_machine_runs_with_its_substitutions(created: stack.Stack) -> None:
    states = boto3.client("stepfunctions")
    arn = states.start_execution(stateMachineArn=created.outputs["MachineArn"], name="once")["executionArn"]
    while (execution := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.01)
    assert json.loads(execution["output"]) == {"table": created.physical_ids["Table"]}


def test_an_unknown_type_is_refused_with_its_name_and_its_resource() -> None:
    with pytest.raises(UnknownResourceError, match=r"Search \(AWS::OpenSearchService::Domain\)"):
        refuse_unknown(template(Search={"Type": "AWS::OpenSearchService::Domain"})["Resources"])


def test_a_scheduled_rule_is_refused_because_nothing_would_fire_it() -> None:
    rule = {"Type": "AWS::Events::Rule", "Properties": {"ScheduleExpression": "cron(0 12 * * ? *)"}}
    with pytest.raises(UnknownResourceError, match="Sweep"):
        refuse_unknown({"Sweep": rule})


def test_a_substitution_without_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="QueueUrl"):
        substitute('{"a": "${QueueUrl}", "b": "${Table}"}', {"Table": "t"})


def test_a_substituted_value_stays_one_json_string() -> None:
    assert json.loads(substitute('{"a": "${Name}"}', {"Name": 'quo"te'})) == {"a": 'quo"te'}


def test_a_stage_without_limits_for_all_methods_has_no_throttle() -> None:
    assert throttle([{"HttpMethod": "POST", "ResourcePath": "/~1x", "ThrottlingRateLimit": 1}]) is None


def test_no_setting_of_the_environment_leads_to_a_real_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://example.org")
    running = cloud.start()
    session = boto3.Session()
    credentials = session.get_credentials()
    assert credentials is not None
    assert (credentials.access_key, session.profile_name) == ("testing", "default")
    assert boto3.client("sqs").meta.endpoint_url == "https://sqs.us-east-1.amazonaws.com"
    running.stop()
