"""Throw inputs at the readers and at the handlers; whatever is not an allowed answer is a finding."""

import io
import json
import os
from collections.abc import Callable
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from random import Random

from pydantic import ValidationError

from handlers import process_feedback, send_acknowledgement, send_email, start_delivery
from handlers.core import alert, feedback, intake, strict_json, webhook
from handlers.core.intake import Accepted, Redriven
from handlers.core.screening import Rules
from handlers.errors import ContactFlowError
from handlers.telemetry import counted, logger
from schemas.intake import IntakeAttributes
from schemas.submission import Submission
from tests.fakes.lambda_events import Context, failures, sqs_event
from tests.fakes.records import record
from tests.fuzz.corpus import Corpus
from tests.fuzz.wire import ENVIRONMENT, Wire

_RULES = Rules(
    minimum_fill_milliseconds=3000,
    require_proof_of_work=False,
    allowed_origin="https://example.com",
    content_score_limit=3,
)
_SENDERS = feedback.Senders("123456789012", "contactflow", "contactflow-ack")
_NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
#: One input in so many goes through the whole handlers, too: botocore takes a hundred times the readers' time.
_WHOLE = 20
#: bytes, with room for the rest of the record: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
_LARGEST_ITEM = 390 * 1024


@dataclass
class Findings:
    inputs: int = 0
    whole: int = 0
    problems: list[str] = field(default_factory=list)


def run(seed: int, inputs: int) -> Findings:
    os.environ.update(ENVIRONMENT)
    logger.setLevel("CRITICAL")
    found, corpus = Findings(), Corpus(Random(seed))  # noqa: S311 - a seed must give the same inputs again
    wire = Wire(record())
    wire.connect()
    with redirect_stdout(io.StringIO()) as out:
        while found.inputs < inputs:
            _round(found, corpus, wire, f"seed {seed}, input {found.inputs}")
            counted.clear()
            out.seek(0)
            out.truncate()
    return found


def _round(found: Findings, corpus: Corpus, wire: Wire, where: str) -> None:
    bodies, attributes = [corpus.body() for _ in range(10)], corpus.attributes()
    for body in bodies:
        found.inputs += 1
        _judge(found, f"{where}: {body[:300]!r} {attributes}", partial(_read, body, attributes))
    if found.inputs // 10 % _WHOLE:
        return
    found.whole += len(bodies)
    stored = corpus.body().encode(errors="replace").decode()
    wire.record = record(submission=stored, claim="request-1")
    _judge(found, f"{where}: {str(bodies)[:2000]}", partial(_handle, bodies, attributes))
    _judge(found, f"{where}: a task", partial(_task, corpus))


def _judge(found: Findings, what: str, act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as problem:  # noqa: BLE001 - an uncaught exception is what we look for
        found.problems.append(f"{what}: {type(problem).__name__}: {problem}"[:3000])


def _read(body: str, attributes: dict[str, str]) -> None:
    try:
        document = strict_json.loads(body)
    except strict_json.NotStrictJsonError:
        document = {}
    try:
        Submission.model_validate(document)
    except ValidationError:
        document = {}
    with suppress(alert.NotAnAlertError):
        webhook.body(alert.read(body))
    told = feedback.read(body, _SENDERS)
    assert isinstance(told, feedback.Ours | feedback.NotOurs)
    try:
        known = IntakeAttributes.model_validate(attributes)
    except ValidationError:
        known = IntakeAttributes()
    taken = intake.read(body, known, _RULES, _NOW)
    assert isinstance(taken, Accepted | Redriven)
    if isinstance(taken, Accepted):
        assert len(taken.body.encode()) < _LARGEST_ITEM


def _handle(bodies: list[str], attributes: dict[str, str]) -> None:
    """Whatever the body, it is delivered or held, and nothing comes again, if its attributes are the gateway's."""
    event = sqs_event(*bodies, **attributes)
    for handler in (start_delivery.handler, process_feedback.handler):
        answer = handler(event, Context())
        json.dumps(answer)
        by_hand = handler is start_delivery.handler and not _from_the_gateway(attributes)
        assert len(failures(answer)) == (len(bodies) if by_hand else 0), failures(answer)


def _from_the_gateway(attributes: dict[str, str]) -> bool:
    try:
        IntakeAttributes.model_validate(attributes)
    except ValidationError:
        return False
    return True


def _task(corpus: Corpus) -> None:
    """A function of the state machine answers or raises by a name that the machine's Catch knows."""
    for handler in (send_email.handler, send_acknowledgement.handler):
        try:
            json.dumps(handler(corpus.task(), Context()))
        except (ContactFlowError, ValidationError):
            continue
