"""The console over a real workbench, on moto's table, queues and machine; asked without a socket."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import httpx
from moto import mock_aws
from starlette.types import ASGIApp

from ops.console.app import create_app
from ops.console.guard import TOKEN_HEADER
from ops.console.room import Room
from ops.deployment import Deployment
from ops.review.workbench import Workbench
from schemas.record import MessageRecord

PORT = 8410
ORIGIN = f"http://127.0.0.1:{PORT}"
TOKEN = "the-token"  # noqa: S105 - of a test
_PARAMETERS = {"OutcomeDeadlineSeconds": "900", "Acknowledgement": "off", "RetentionDays": "30"}


@dataclass
class Browser:
    """Sends the token with everything, as the page's script does, unless told otherwise."""

    app: ASGIApp

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return _run(self._ask("GET", path, headers=headers or {}))

    def post(self, path: str, headers: dict[str, str], **body: Any) -> httpx.Response:
        return _run(self._ask("POST", path, headers=headers, **body))

    async def _ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        transport, headers = httpx.ASGITransport(self.app), {TOKEN_HEADER: TOKEN}
        async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers) as client:
            return await client.request(method, path, **request)


def _run(asking: Coroutine[Any, Any, httpx.Response]) -> httpx.Response:
    """In a thread of its own: where Playwright has been at work before, this one has a running event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


@dataclass
class World:
    bench: Workbench
    http: Browser

    def put(self, *records: MessageRecord) -> None:
        for record in records:
            self.bench.table.put(record)

    def get(self, path: str) -> str:
        answer = self.http.get(f"/fragment{path}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def post(self, path: str, **fields: Any) -> str:
        answer = self.http.post(f"/fragment{path}", data=fields, headers={"Origin": ORIGIN})
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def status(self, message_id: str) -> str:
        found = self.bench.table.get(message_id)
        assert found
        return found.status.value


@contextmanager
def world() -> Iterator[World]:
    with mock_aws():
        bench = Workbench(Deployment(_outputs(), None, None), _PARAMETERS, "tests")
        room = Room(lambda: bench)
        yield World(bench, Browser(create_app(room, TOKEN, PORT)))
        room.drafts.stop()


def _outputs() -> dict[str, str]:
    attributes: Any = [
        {"AttributeName": n, "AttributeType": "S"} for n in ("pk", "sk", "status", "updatedAt")
    ]
    boto3.client("dynamodb").create_table(
        TableName="messages",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=attributes,
        GlobalSecondaryIndexes=[
            {
                "IndexName": "byStatus",
                "KeySchema": [
                    {"AttributeName": "status", "KeyType": "HASH"},
                    {"AttributeName": "updatedAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    sqs = boto3.client("sqs")
    machine = boto3.client("stepfunctions").create_state_machine(
        name="delivery",
        definition='{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
        roleArn="arn:aws:iam::123456789012:role/delivery",
    )
    return {
        "MessagesTableName": "messages",
        "IntakeQueueUrl": sqs.create_queue(QueueName="intake")["QueueUrl"],
        "ReviewQueueUrl": sqs.create_queue(QueueName="review")["QueueUrl"],
        "DeliveryStateMachineArn": machine["stateMachineArn"],
        "OwnerAddress": "owner@example.com",
    }
