"""`python -m loadtest.against_local`: a burst drains through the local stack; the simulation says in how long."""

import json
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from handlers import clock
from handlers.core import times
from loadtest import watch
from loadtest.capacity import Load, simulate
from loadtest.quotas import from_template
from loadtest.target import Target, local
from ops.cost.counted import ROOT, count
from ops.deployment import Deployment

_MESSAGES, _RATE = 100, 5
_BODY = json.dumps(
    {"email": "ann@example.com", "subject": "Hello", "message": "Do you ship to Norway?"}
).encode()


def main() -> int:
    default = from_template(yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8")))
    opened = replace(default, ses_rate=_RATE, throttle_rate=10_000, throttle_burst=5_000)
    said = simulate(Load(_MESSAGES * 10, 0.1), opened, count().transitions).drain
    with local("--parameter", f"SesSendRate={_RATE}") as target, tempfile.TemporaryDirectory() as folder:
        seen = _drain(target, Path(folder) / "accepted.txt")
    print(
        f"{_MESSAGES} messages at once, SesSendRate {_RATE}: simulated {said:.1f} s, local stack {seen:.1f} s"
    )
    return 0


def _drain(target: Target, accepted: Path) -> float:
    """Seconds from the first mail to the last, on the records' own clocks."""
    if target.deployment is None:
        raise TypeError("a local stack has a deployment")
    accepted.write_text("\n".join(_post(target.url) for _ in range(_MESSAGES)))
    watch.drained(target.deployment, accepted, watch.Depths(clock.monotonic()), 60.0)
    sent = sorted(_sent(target.deployment))
    return (times.parse(sent[-1]) - times.parse(sent[0])).total_seconds()


def _post(url: str) -> str:
    request = urllib.request.Request(f"{url}/sendEmail", _BODY, {"Content-Type": "application/json"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
        return str(json.load(answer)["messageId"])


def _sent(deployment: Deployment) -> Iterator[str]:
    table = deployment.outputs["MessagesTableName"]
    pages = (
        deployment.client("dynamodb")
        .get_paginator("scan")
        .paginate(TableName=table, ProjectionExpression="sentAt")
    )
    for page in pages:
        for item in page["Items"]:
            if "sentAt" in item:
                yield item["sentAt"]["S"]


if __name__ == "__main__":
    sys.exit(main())
