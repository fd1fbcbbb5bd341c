import json
from dataclasses import replace

import pytest

from ops.local.batches import batch_item_failures, sqs_event
from tests.fakes.queue import ARN, message

IDS = {"id-1", "id-2", "id-3"}


@pytest.mark.parametrize(
    ("response", "failed"),
    [
        ("null", set()),
        ("{}", set()),
        ('{"batchItemFailures":null}', set()),
        ('{"batchItemFailures":[]}', set()),
        ('{"somethingElse":1}', set()),
        ('{"batchItemFailures":[{"itemIdentifier":"id-2"}]}', {"id-2"}),
        ('{"batchItemFailures":[{"itemIdentifier":"id-2"},{"itemIdentifier":"id-2"}]}', {"id-2"}),
        ('{"batchItemFailures":[{"itemIdentifier":"id-1"},{"itemIdentifier":"id-3"}]}', {"id-1", "id-3"}),
        ('{"batchItemFailures":[{"itemIdentifier":"id-1","more":1}]}', {"id-1"}),
        ('{"batchItemFailures":[{"itemIdentifier":""}]}', IDS),
        ('{"batchItemFailures":[{"itemIdentifier":null}]}', IDS),
        ('{"batchItemFailures":[{"ItemIdentifier":"id-1"}]}', IDS),
        ('{"batchItemFailures":[{"itemIdentifier":"id-1"},{"messageId":"id-2"}]}', IDS),
        ('{"batchItemFailures":[{"itemIdentifier":"id-9"}]}', IDS),
        ('{"batchItemFailures":[{"itemIdentifier":7}]}', IDS),
        ('{"batchItemFailures":[{"itemIdentifier":["id-1"]}]}', IDS),
        ('{"batchItemFailures":["id-1"]}', IDS),
        ('{"batchItemFailures":"id-1"}', IDS),
        ('"ok"', IDS),
        ('["id-1"]', IDS),
        ("", IDS),
        ("not json", IDS),
        ("\xff", IDS),
    ],
)
def test_a_batch_response_fails_what_it_names_or_the_whole_batch_when_it_is_malformed(
    response: str, failed: set[str]
) -> None:
    assert set(batch_item_failures(response.encode("latin-1"), IDS)) == failed


def test_the_event_has_the_shape_that_lambda_documents() -> None:
    sent = replace(
        message(1, body='{"a":"é"}'),
        attributes={
            "ApproximateReceiveCount": "2",
            "SentTimestamp": "1545082649183",
            "SenderId": "AIDAIENQZJOLO23YVJ4VO",
            "ApproximateFirstReceiveTimestamp": "1545082649185",
        },
        message_attributes={
            "messageId": {"DataType": "String", "StringValue": "m1"},
            "raw": {"DataType": "Binary", "BinaryValue": "AAE="},
        },
        md5_of_message_attributes="9e1f",
    )
    assert json.loads(sqs_event([sent], ARN)) == {
        "Records": [
            {
                "messageId": "id-1",
                "receiptHandle": "handle-1",
                "body": '{"a":"é"}',
                "attributes": {
                    "ApproximateReceiveCount": "2",
                    "SentTimestamp": "1545082649183",
                    "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1545082649185",
                },
                "messageAttributes": {
                    "messageId": {
                        "stringValue": "m1",
                        "stringListValues": [],
                        "binaryListValues": [],
                        "dataType": "String",
                    },
                    "raw": {
                        "binaryValue": "AAE=",
                        "stringListValues": [],
                        "binaryListValues": [],
                        "dataType": "Binary",
                    },
                },
                "md5OfBody": "841a2d689ad86bd1611447453c22c6fc",
                "md5OfMessageAttributes": "9e1f",
                "eventSource": "aws:sqs",
                "eventSourceARN": ARN,
                "awsRegion": "us-east-1",
            }
        ]
    }


def test_a_message_without_attributes_has_no_digest_of_them() -> None:
    [record] = json.loads(sqs_event([message(1)], ARN))["Records"]
    assert record["messageAttributes"] == {}
    assert "md5OfMessageAttributes" not in record
