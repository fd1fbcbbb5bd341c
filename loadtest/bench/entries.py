"""Microseconds a record in the queues' functions, from the Lambda entry on, and what a mail's calls take of the SDK."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from loadtest.bench import aws_stub
from loadtest.bench.entry_times import BATCH, ROUNDS
from loadtest.bench.figures import Answer, figure, spread
from loadtest.bench.sdk_times import CALLS
from loadtest.bench.settings import SETTINGS
from tests.fakes.aws_endpoint import RecordingEndpoint
from tests.flow.stack import ROOT

# StartDelivery waits between messages as long as this rate asks.
_UNPACED = {"SES_SEND_RATE": "1000000"}


_CORES = 2


def run(scale: float) -> Answer:
    functions: dict[str, list[float]] = _measured("entry_times", round(1000 * scale), SETTINGS | _UNPACED)
    endpoint = RecordingEndpoint()
    endpoint.reply = aws_stub.reply
    try:
        sdk: list[float] = _measured("sdk_times", round(200 * scale), _credentials(endpoint.url))
    finally:
        endpoint.stop()
    limit = _CORES * 1e6 / spread(sdk).middle
    return Answer(
        "A record's own time in a function, and the SDK's",
        ["what", "µs of CPU"],
        [
            *([f"a record in {name}", str(spread(values))] for name, values in functions.items()),
            [f"the SDK: a mail's {CALLS} calls", str(spread(sdk))],
        ],
        functions | {"SDK": sdk},
        (
            f"Middle (least to most) of {ROUNDS} rounds; batches of {BATCH}, logs and counters included, the calls to "
            "AWS answered by a fake in the same process. The SDK's row is boto3 alone, in a loop, before an endpoint "
            f"in another process: {_CORES} cores that did nothing else would make the calls of {figure(limit)} mails/s."
        ),
        "No target.",
    )


def _measured(module: str, number: int, environment: Mapping[str, str]) -> Any:
    """In a process of its own, because what the functions log would drown the answer."""
    done = subprocess.run(  # noqa: S603 - our own modules
        [sys.executable, "-m", f"loadtest.bench.{module}", str(max(20, number))],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stderr)


def _credentials(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
