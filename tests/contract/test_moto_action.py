"""moto takes a mail's text for an operation, which ops/local/patches/action.py mends."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from ops.local import cloud

ROOT = Path(__file__).parents[2]
TEXT = "&Action=DeleteQueue&MessageBody=x"


@pytest.fixture
def mended() -> Iterator[None]:
    running = cloud.start()
    yield
    running.stop()


def send(client: Any) -> None:
    client.create_email_identity(EmailIdentity="a@example.com")
    client.send_email(
        FromEmailAddress="a@example.com",
        Destination={"ToAddresses": ["b@example.com"]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": TEXT}}}},
    )


def test_stock_moto_still_takes_the_text_for_an_operation() -> None:
    """In a process of its own, since the mend cannot be undone."""
    script = (
        "from moto import mock_aws\n"
        "import boto3\n"
        "from tests.contract.test_moto_action import send\n"
        "with mock_aws():\n"
        "    send(boto3.client('sesv2', region_name='us-east-1'))\n"
    )
    stock = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "NotImplementedError: The delete_queue action" in stock.stderr


def test_a_mail_whose_text_names_an_operation_is_sent_all_the_same(mended: None) -> None:
    send(boto3.client("sesv2"))


def test_a_put_whose_text_names_an_operation_is_a_put(mended: None) -> None:
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    client.put_item(TableName="t", Item={"pk": {"S": "1"}, "text": {"S": TEXT}})
    assert client.get_item(TableName="t", Key={"pk": {"S": "1"}})["Item"]["text"] == {"S": TEXT}
