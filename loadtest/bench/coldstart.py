"""Cold start: from a new process to the first answer under AWS's runtime client, beside a bare boto3 handler."""

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from loadtest.bench import aws_stub, sides
from loadtest.bench.bundles import BYTECODE, build, zipped
from loadtest.bench.figures import Answer, ratios, rounds, spread
from loadtest.bench.settings import SETTINGS
from ops.local.functions.configuration import Configuration
from ops.local.functions.environment import Environment
from tests.fakes import ses_events
from tests.fakes.aws_endpoint import RecordingEndpoint
from tests.fakes.lambda_events import sqs_event
from tests.fakes.records import SUBMISSION

_TARGET_MS = 250
_TARGET_BYTES = 15_000_000


@dataclass(frozen=True)
class Start:
    """Milliseconds of the wall clock and of the process's own CPU."""

    init: float
    first: float
    cpu: float

    @property
    def whole(self) -> float:
        return self.init + self.first


@dataclass(frozen=True)
class Subject:
    code: Path
    handler: str
    event: Mapping[str, Any]


def run(scale: float) -> Answer:
    """Interleaved rounds of each function's start, a bare handler's, and that of nothing at all."""
    endpoint = RecordingEndpoint()
    endpoint.reply = aws_stub.reply
    try:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            artefact, bare = build(Path(folder))
            source = Path(shutil.copytree(artefact, Path(folder, "source"), ignore=BYTECODE))
            subjects = _subjects(artefact, bare, source)
            sides = {name: _starter(subject, endpoint.url) for name, subject in subjects.items()}
            for side in sides.values():
                side()  # reads every file once: what follows measures no disk
            found = rounds(max(3, round(10 * scale)), sides)
            return _answer(found, zipped(artefact), zipped(bare))
    finally:
        endpoint.stop()


def _subjects(artefact: Path, bare: Path, source: Path) -> dict[str, Subject]:
    post = {"body": json.dumps(SUBMISSION)}
    intake = sqs_event(
        json.dumps(SUBMISSION),
        messageId="m1",
        requestId="m1",
        receivedAt="1795514400000",
        sourceIp="192.0.2.1",
    )
    return {
        "no handler code": Subject(bare, "empty.handler", {}),
        "bare boto3 handler": Subject(bare, "synchronous.handler", post),
        "StartDelivery": Subject(artefact, "handlers.start_delivery.handler", intake),
        "StartDelivery, bundle not compiled": Subject(source, "handlers.start_delivery.handler", intake),
        "SendEmail": Subject(artefact, "handlers.send_email.handler", {"messageId": "m1"}),
        "ProcessFeedback": Subject(
            artefact, "handlers.process_feedback.handler", sqs_event(ses_events.body("Delivery"))
        ),
    }


def _starter(subject: Subject, endpoint: str) -> Any:
    configuration = Configuration(
        name="bench",
        arn="arn:aws:lambda:us-east-1:123456789012:function:bench",
        runtime=f"python{sys.version_info.major}.{sys.version_info.minor}",
        handler=subject.handler,
        code=subject.code,
        # Lambda mounts the code read-only, so that Python cannot keep there what it compiles:
        # https://docs.aws.amazon.com/lambda/latest/dg/python-package.html
        environment=SETTINGS | {"PYTHONDONTWRITEBYTECODE": "1"},
        timeout=60.0,
        memory=256,
        concurrency=1,
        endpoint=endpoint,
    )
    payload = json.dumps(subject.event).encode()

    def start() -> Start:
        with tempfile.TemporaryFile() as log:
            began = time.perf_counter()
            environment = Environment(configuration, log)
            try:
                environment.wait_ready(time.monotonic() + 60)
                ready = time.perf_counter()
                invocation = environment.invoke("r1", payload, time.monotonic() + 60)
                answered = time.perf_counter()
                cpu = sides.cpu_seconds(environment.pid)
            finally:
                environment.close()
            if invocation.error is not None or b'"itemIdentifier"' in (invocation.result or b""):
                log.seek(0)
                raise RuntimeError(f"{invocation}\n{log.read().decode()}")
        return Start((ready - began) * 1000, (answered - ready) * 1000, cpu * 1000)

    return start


def _answer(found: dict[str, list[Start]], ours: int, theirs: int) -> Answer:
    bare = [start.cpu for start in found["bare boto3 handler"]]
    rows = [
        [
            name,
            str(spread([start.init for start in starts])),
            str(spread([start.first for start in starts])),
            str(spread([start.whole for start in starts])),
            str(spread([start.cpu for start in starts])),
            str(ratios([start.cpu for start in starts], bare)),
        ]
        for name, starts in found.items()
    ]
    return Answer(
        "Cold start",
        [
            "function",
            "until ready, ms",
            "first invocation, ms",
            "both, ms",
            "CPU of both, ms",
            "CPU by the bare handler's",
        ],
        rows,
        {
            "bundleBytes": {"ours": ours, "bare": theirs},
            "milliseconds": {name: [vars(start) for start in starts] for name, starts in found.items()},
        },
        (
            f"Middle (least to most). Bundle: {ours / 1e6:.2f} MB zipped, the bare handler's with the same boto3 "
            f"{theirs / 1e6:.2f} MB; target under {_TARGET_BYTES // 1_000_000} MB."
        ),
        f"Target: both under {_TARGET_MS} ms on an idle machine.",
    )
