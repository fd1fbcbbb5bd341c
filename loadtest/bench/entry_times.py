"""`python -m loadtest.bench.entry_times RECORDS`: the times as JSON on standard error; standard output is the log's."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from handlers import process_feedback, start_delivery
from schemas.record import Status
from tests.fakes import ses_events
from tests.fakes.cloud import FakeCloud
from tests.fakes.lambda_events import Context, sqs_event
from tests.fakes.records import SUBMISSION, record

ROUNDS = 5
BATCH = 10
_Event = dict[str, Any]


def main(records: int) -> dict[str, list[float]]:
    """Function → CPU microseconds a record, round by round."""
    found: dict[str, list[float]] = {"StartDelivery": [], "ProcessFeedback": []}
    ids = [f"m{number}" for number in range(records)]
    for _ in range(ROUNDS):
        vars(start_delivery)["aws"] = FakeCloud()
        found["StartDelivery"].append(_time(start_delivery.handler, _batches(_submissions(ids))))
        vars(process_feedback)["aws"] = FakeCloud({each: record(Status.SENT, messageId=each) for each in ids})
        found["ProcessFeedback"].append(_time(process_feedback.handler, _batches(_deliveries(ids))))
    return found


def _submissions(ids: list[str]) -> list[_Event]:
    body = json.dumps(SUBMISSION)
    return [sqs_event(body, messageId=each, requestId=each, receivedAt="1795514400000") for each in ids]


def _deliveries(ids: list[str]) -> list[_Event]:
    return [sqs_event(ses_events.body("Delivery", each)) for each in ids]


def _batches(events: list[_Event]) -> list[_Event]:
    records = [record for event in events for record in event["Records"]]
    return [{"Records": records[first : first + BATCH]} for first in range(0, len(records), BATCH)]


def _time(handler: Callable[[_Event, Any], Any], batches: list[_Event]) -> float:
    began = time.process_time()
    answers = [handler(batch, Context()) for batch in batches]
    spent = time.process_time() - began
    if any(answer["batchItemFailures"] for answer in answers):
        raise RuntimeError(f"records failed: {answers[0]}")
    return spent / sum(len(batch["Records"]) for batch in batches) * 1e6


if __name__ == "__main__":
    sys.stderr.write(json.dumps(main(int(sys.argv[1]))))
