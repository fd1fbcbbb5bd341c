"""SendMessage as API Gateway sends it, past moto's parser: what arrives is what moto would have stored."""

from collections.abc import Iterator
from urllib.parse import urlencode

import boto3
import pytest

from ops.local import cloud, direct

FORM = {
    "Action": "SendMessage",
    "MessageBody": 'a & b = "c" % + \n😀',
    "MessageAttribute.1.Name": "messageId",
    "MessageAttribute.1.Value.DataType": "String",
    "MessageAttribute.1.Value.StringValue": "m1",
}


@pytest.fixture
def queue() -> Iterator[str]:
    running = cloud.start()
    yield str(boto3.client("sqs").create_queue(QueueName="q")["QueueUrl"])
    running.stop()


def test_body_and_attributes_arrive_as_they_were_sent(queue: str) -> None:
    answer = direct.send_by_form("/123456789012/q", urlencode(FORM).encode())
    assert answer
    assert answer[0] == 200
    [message] = boto3.client("sqs").receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == FORM["MessageBody"]
    assert message["MessageAttributes"]["messageId"]["StringValue"] == "m1"
    assert message["MessageId"] in answer[2].decode()


@pytest.mark.parametrize(
    "changed",
    [
        {"Action": "DeleteQueue"},
        {"DelaySeconds": "5"},
        {"MessageAttribute.1.Value.DataType": "Number"},
        {"MessageAttribute.1.Value.StringValue": ""},
        {"MessageAttribute.2.Name": "messageId"},
    ],
)
def test_everything_else_is_left_to_moto(queue: str, changed: dict[str, str]) -> None:
    assert direct.send_by_form("/123456789012/q", urlencode(FORM | changed).encode()) is None


def test_an_unknown_queue_is_left_to_moto_to_refuse(queue: str) -> None:
    assert direct.send_by_form("/123456789012/none", urlencode(FORM).encode()) is None
