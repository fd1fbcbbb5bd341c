"""The functions' own AWS: moto's table, queues, topic and machine under the names that the settings give."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from moto import mock_aws

from tests.fakes import aws_clients, ses_events

REGION = "us-east-1"
TABLE = "messages"


@dataclass(frozen=True)
class Cloud:
    """Where the functions' effects can be seen. Queue bodies are parsed JSON."""

    review_queue_url: str
    alerts_queue_url: str
    state_machine_arn: str

    def item(self, message_id: str) -> dict[str, Any]:
        key = {"pk": f"MSG#{message_id}", "sk": "RECORD"}
        return dict(boto3.resource("dynamodb").Table(TABLE).get_item(Key=key)["Item"])

    def reviews(self) -> list[dict[str, Any]]:
        return _bodies(self.review_queue_url)

    def alerts(self) -> list[dict[str, Any]]:
        return _bodies(self.alerts_queue_url)

    def executions(self) -> dict[str, dict[str, Any]]:
        client = boto3.client("stepfunctions")
        found = client.list_executions(stateMachineArn=self.state_machine_arn)["executions"]
        return {
            e["name"]: json.loads(client.describe_execution(executionArn=e["executionArn"])["input"])
            for e in found
        }


def _bodies(queue_url: str) -> list[dict[str, Any]]:
    answer = boto3.client("sqs").receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=0
    )
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        made = _make()
        topic = _alert_topic(made.alerts_queue_url)
        for name, value in _environment(made, topic).items():
            monkeypatch.setenv(name, value)
        aws_clients.forget()
        yield made
    aws_clients.forget()


def _make() -> Cloud:
    boto3.client("dynamodb").create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    sqs, machine = boto3.client("sqs"), boto3.client("stepfunctions")
    return Cloud(
        review_queue_url=sqs.create_queue(QueueName="review")["QueueUrl"],
        alerts_queue_url=sqs.create_queue(QueueName="alerts")["QueueUrl"],
        state_machine_arn=machine.create_state_machine(
            name="delivery",
            definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
            roleArn=f"arn:aws:iam::{ses_events.ACCOUNT}:role/delivery",
        )["stateMachineArn"],
    )


def _alert_topic(queue_url: str) -> str:
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic: str = sns.create_topic(Name="alert")["TopicArn"]
    queue = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
    return topic


def _environment(cloud: Cloud, topic: str) -> dict[str, str]:
    return {
        "MESSAGES_TABLE": TABLE,
        "DELIVERY_STATE_MACHINE_ARN": cloud.state_machine_arn,
        "REVIEW_QUEUE_URL": cloud.review_queue_url,
        "RETENTION_DAYS": "30",
        "SES_SEND_RATE": "1000",
        "STARTER_CONCURRENCY": "2",
        "ACKNOWLEDGEMENT": "off",
        "OUTCOME_DEADLINE_SECONDS": "900",
        "REQUIRE_PROOF_OF_WORK": "false",
        "MINIMUM_FILL_MILLISECONDS": "3000",
        "ALLOWED_ORIGIN": "https://example.com",
        "FORMS": "",
        "CONTENT_SCORE_LIMIT": "5",
        "ADDRESS_DAILY_CAP": "20",
        "RECIPIENT_DAILY_CAP": "1000",
        "OWNER_ADDRESS": "owner@example.com",
        "SENDER_ADDRESS": "noreply@example.com",
        "CONFIGURATION_SET": ses_events.CONFIGURATION_SET,
        "ACKNOWLEDGEMENT_CONFIGURATION_SET": "contactflow-ack",
        "SENDING_ACCOUNT_ID": ses_events.ACCOUNT,
        "ALERT_TOPIC_ARN": topic,
    }
