"""`contactflow reconcile`: gathers the evidence, shows the books."""

import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from boto3.dynamodb.types import TypeDeserializer
from rich.console import Console
from rich.table import Table

from handlers import clock
from handlers.core.sweeping import Deadlines
from ops.deployment import Deployment
from ops.reconcile import Evidence, Report, reconcile
from schemas.record import MessageRecord

_from_dynamodb = TypeDeserializer().deserialize
#: Everything but the message itself.
_FIELDS = [name for name in MessageRecord.model_fields if name != "submission"]


def balance(deployment: Deployment, accepted: Path | None, deadlines: Deadlines) -> Report:
    """`accepted` holds one message id a line: those that a client got a 2xx for."""
    ids = frozenset(accepted.read_text().split()) if accepted else None
    evidence = Evidence(
        accepted=ids,
        mails=_mails(deployment.mailbox) if deployment.mailbox else None,
        intake_depth=deployment.depth("IntakeQueueUrl"),
        review_depth=deployment.depth("ReviewQueueUrl"),
    )
    return reconcile(_records(deployment), evidence, deadlines, clock.now())


def _records(deployment: Deployment) -> Iterator[MessageRecord]:
    pages = (
        deployment.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=deployment.outputs["MessagesTableName"],
            FilterExpression="#sk = :record",
            ProjectionExpression=", ".join(f"#{name}" for name in _FIELDS),
            ExpressionAttributeNames={"#sk": "sk"} | {f"#{name}": name for name in _FIELDS},
            ExpressionAttributeValues={":record": {"S": "RECORD"}},
            ConsistentRead=True,
        )
    )
    for page in pages:
        for item in page["Items"]:
            yield MessageRecord.model_validate({key: _from_dynamodb(value) for key, value in item.items()})


def _mails(mailbox: str) -> dict[str, int]:
    """The local SES's own count; a real account keeps none."""
    with urllib.request.urlopen(f"{mailbox}/api/messages") as answer:  # noqa: S310 - our own loopback URL
        mails: list[dict[str, Any]] = json.load(answer)
    return Counter(mail["tags"]["messageId"] for mail in mails if mail["tags"].get("kind") == "submission")


def as_json(report: Report) -> str:
    return json.dumps(
        {
            "clean": report.clean,
            "accepted": report.accepted,
            **report.columns,
            "problems": [vars(problem) for problem in report.problems],
        }
    )


def show(report: Report, console: Console) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_row("accepted", str(report.accepted), style="bold")
    for name, number in report.columns.items():
        table.add_row(f"= {name}" if name == "delivered" else f"+ {name}", str(number))
    console.print(table)
    for problem in report.problems:
        console.print(f"[red]{problem.message_id}[/red]  {problem.what}", soft_wrap=True)
    console.print("The books balance." if report.clean else f"{len(report.problems)} do not fit.")
