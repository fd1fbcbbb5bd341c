from typing import Any

from handlers import batch
from tests.fakes.lambda_events import failures, sqs_event


def test_a_record_that_fails_fails_alone() -> None:
    seen: list[str] = []

    def process(record: dict[str, Any]) -> None:
        seen.append(record["body"])
        if record["body"] == "bad":
            raise ValueError("of no interest to a log")

    assert failures(batch.each(sqs_event("first", "bad", "last"), process)) == ["sqs-1"]
    assert seen == ["first", "bad", "last"]


def test_a_batch_that_fails_wholly_is_no_error_of_the_function() -> None:
    def process(record: dict[str, Any]) -> None:
        raise KeyError(record["body"])

    assert failures(batch.each(sqs_event("a", "b"), process)) == ["sqs-0", "sqs-1"]


def test_attributes_are_text_and_a_binary_one_is_empty() -> None:
    [record] = sqs_event("body", messageId="m1")["Records"]
    record["messageAttributes"]["raw"] = {"binaryValue": "AA==", "dataType": "Binary"}
    assert batch.attributes(record) == {"messageId": "m1", "raw": ""}
