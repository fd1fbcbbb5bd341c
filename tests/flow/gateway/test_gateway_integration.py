import json
import socket
from collections.abc import Callable
from threading import Event

import httpx
import pytest

from ops.local.gateway.process import GatewayProcess
from tests.fakes.aws_endpoint import Received, RecordingEndpoint, Reply, accepted


@pytest.mark.parametrize(("path", "status"), [("/raw", 202), ("/typed", 415)])
def test_passthrough_without_a_matching_template(
    api: httpx.Client, received: list[Received], path: str, status: int
) -> None:
    answer = api.post(path, content=b"<&>", headers={"content-type": "application/xml"})
    assert answer.status_code == status
    assert [message.body for message in received] == ([b"<&>"] if status == 202 else [])


def test_a_status_is_read_from_the_table(
    api: httpx.Client, endpoint: RecordingEndpoint, received: list[Received]
) -> None:
    endpoint.reply = lambda _: Reply(200, b'{"Item":{"status":{"S":"sent"}}}', {})
    answer = api.get('/messages/a%22b"%2Fc')
    assert (answer.status_code, answer.json()) == (200, {"status": "sent"})
    assert received[0].headers["x-amz-target"] == "DynamoDB_20120810.GetItem"
    assert received[0].headers["content-type"] == "application/x-amz-json-1.0"
    assert json.loads(received[0].body)["Key"] == {"pk": {"S": 'MSG#a"b"/c'}}


def test_an_absent_item_overrides_the_status(
    api: httpx.Client, endpoint: RecordingEndpoint, received: list[Received]
) -> None:
    endpoint.reply = lambda _: Reply(200, b"{}", {})
    answer = api.get("/messages/a")
    assert (answer.status_code, answer.json()) == (404, {"error": "not_found"})


XML = b"""<?xml version="1.0"?><SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/">
<SendMessageResult><MessageId>sqs-7</MessageId></SendMessageResult></SendMessageResponse>"""


def test_an_answer_in_xml_is_read_as_the_json_that_sqs_gives_api_gateway(
    api: httpx.Client, endpoint: RecordingEndpoint, received: list[Received]
) -> None:
    endpoint.reply = lambda _: Reply(200, XML, {"x-queue": "intake"})
    answer = api.post("/strict", json={"message": "x"})
    assert answer.json() == {"SendMessageResponse": {"SendMessageResult": {"MessageId": "sqs-7"}}}
    assert api.post("/sendEmail", json={"message": "x"}).headers["x-from-queue"] == "intake"


@pytest.mark.parametrize(
    ("status", "path", "answered"),
    [
        (400, "/sendEmail", 500),
        (503, "/sendEmail", 503),
        (201, "/sendEmail", 500),
        (500, "/strict", 500),
    ],
)
def test_the_status_of_the_endpoint_selects_the_response(
    api: httpx.Client,
    endpoint: RecordingEndpoint,
    received: list[Received],
    status: int,
    path: str,
    answered: int,
) -> None:
    endpoint.reply = lambda _: Reply(
        status, b"<ErrorResponse><Error><Code>X</Code></Error></ErrorResponse>", {}
    )
    assert api.post(path, json={"message": "x"}).status_code == answered


def test_an_endpoint_that_does_not_answer_in_time_is_504_and_is_asked_once(
    api: httpx.Client, endpoint: RecordingEndpoint, received: list[Received]
) -> None:
    released = Event()

    def hang(message: Received) -> Reply:
        released.wait(30)
        return accepted(message)

    endpoint.reply = hang
    answer = api.post("/slow", json={"message": "x"})
    endpoint.reply = accepted
    released.set()
    assert (answer.status_code, answer.json()["message"]) == (504, "Endpoint request timed out")
    assert len(received) == 1
    assert api.post("/sendEmail", json={"message": "x"}).status_code == 202


def test_an_endpoint_that_is_gone_is_504(start: Callable[..., GatewayProcess]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    gateway = start(f"http://127.0.0.1:{port}")
    answer = httpx.post(f"{gateway.api}/prod/sendEmail", json={"message": "x"})
    assert (answer.status_code, answer.json()["error"]) == (504, "unavailable")


@pytest.mark.parametrize("path", ["/broken", "/header"])
def test_a_template_that_fails_or_breaks_a_header_is_500(
    api: httpx.Client, received: list[Received], path: str
) -> None:
    answer = api.post(path, json={"message": "a\r\nX-Other: b"})
    assert (answer.status_code, answer.json()["message"]) == (500, "Internal server error")
    assert "X-Other" not in answer.text
    assert received == []
