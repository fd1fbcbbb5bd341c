"""`python -m loadtest.bench.sdk_times MAILS`: CPU microseconds of a mail's calls to AWS, as JSON on standard error."""

import json
import sys
import time
from datetime import UTC, datetime

from handlers import aws
from handlers.core import delivery, sending
from handlers.core.mail import Mail
from schemas.record import Status
from schemas.ses_event import SES_EVENT
from schemas.workflow import WorkflowInput
from tests.fakes import ses_events
from tests.fakes.records import record

ROUNDS = 5
#: put, start, claim, send, outcome, and two events: docs/decisions.md, "One item per message".
CALLS = 7
_NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
_INPUT = WorkflowInput(messageId="m1", outcomeDeadlineSeconds=900, acknowledge=False)
_MAIL = Mail(
    sender="noreply@example.com",
    recipient="owner@example.com",
    reply_to="ann@example.com",
    subject="Hello",
    text="m" * 200,
    html="m" * 400,
    configuration_set=ses_events.CONFIGURATION_SET,
    tags={"messageId": "m1", "kind": "submission", "replay": "0"},
)


def main(mails: int) -> list[float]:
    _mails(20)  # makes the clients and their connections
    return [_mails(mails) for _ in range(ROUNDS)]


def _mails(number: int) -> float:
    queued = record(Status.QUEUED)
    claim = sending.claim("m1", "token", _NOW)
    sent = sending.sent("m1", "token", "ses-1", _NOW)[0]
    told = [
        delivery.changes(SES_EVENT.validate_python(ses_events.event(kind)), "m1", 0, "")[0]
        for kind in ("Send", "Delivery")
    ]
    began = time.process_time()
    for _ in range(number):
        aws.put_record("messages", queued)
        aws.start_execution("machine", "m1", _INPUT)
        aws.change_record("messages", claim)
        aws.send_mail(_MAIL)
        for change in (sent, *told):
            aws.change_record("messages", change)
    return (time.process_time() - began) / number * 1e6


if __name__ == "__main__":
    sys.stderr.write(json.dumps(main(int(sys.argv[1]))))
