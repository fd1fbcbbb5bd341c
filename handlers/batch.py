"""A batch from SQS, each record on its own: what failed comes again, and the rest does not.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
"""

from collections.abc import Callable
from typing import Any, TypedDict

from handlers.telemetry import count

#: as Lambda spells it: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
Record = dict[str, Any]


class Failure(TypedDict):
    itemIdentifier: str


class Answer(TypedDict):
    batchItemFailures: list[Failure]


def each(event: dict[str, Any], process: Callable[[Record], None]) -> Answer:
    """Never raises for a record: that would count as a function error, and bring the whole batch again."""
    failed: list[Failure] = []
    for record in event["Records"]:
        try:
            process(record)
        except Exception as error:  # noqa: BLE001 - the record's boundary: SQS brings it again, whatever it was
            # The error's text stays out of the log, and so does the traceback: both may quote the visitor.
            count("record_failed", error=type(error).__name__)
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def attributes(record: Record) -> dict[str, str]:
    """The message attributes that hold text; a binary one is empty."""
    return {name: value.get("stringValue") or "" for name, value in record["messageAttributes"].items()}
