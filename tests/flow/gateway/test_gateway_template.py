"""The API that template.yaml deploys, served by the gateway."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from ops.local import cloud, stack
from ops.local.gateway.process import GatewayProcess
from tests.fakes.aws_endpoint import Received, RecordingEndpoint, Reply

ORIGIN = "http://127.0.0.1:1"
UUID = "6f1c1d3e-9a4b-4c2d-8e5f-0a1b2c3d4e5f"
PLAIN = {"email": "ann@example.com", "subject": "Hello", "message": "Hi", "submissionId": UUID}
PARAMETERS = {"SenderAddress": "s@example.com", "OwnerAddress": "o@example.com", "AllowedOrigin": ORIGIN}


@pytest.fixture(scope="module")
def created() -> stack.Stack:
    running = cloud.start()
    try:
        return stack.create(PARAMETERS)
    finally:
        running.stop()


@pytest.fixture(scope="module")
def api(
    created: stack.Stack, start: Callable[..., GatewayProcess], endpoint: RecordingEndpoint
) -> Iterator[httpx.Client]:
    gateway = start(endpoint.url, definition=created.api_definition, stage=created.stage)
    with httpx.Client(base_url=f"{gateway.api}/{created.stage}", timeout=30) as client:
        yield client


def attributes(message: Received) -> dict[str, str]:
    form = message.form()
    names = [name for name in form if name.startswith("MessageAttribute.") and name.endswith(".Name")]
    return {form[name]: form[name.replace(".Name", ".Value.StringValue")] for name in names}


def test_a_post_becomes_one_message_on_the_intake_queue(
    created: stack.Stack, api: httpx.Client, received: list[Received]
) -> None:
    # Java would call Map.get and not look an entry of that name up.
    answer = api.post("/sendEmail", json=PLAIN, headers={"Origin": ORIGIN, "Get": "x"})
    assert (answer.status_code, answer.json()) == (202, {"status": "queued", "messageId": UUID})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    [message] = received
    assert created.outputs["IntakeQueueUrl"].endswith(message.path)
    assert json.loads(message.form()["MessageBody"]) == PLAIN
    sent = attributes(message)
    assert sent.pop("receivedAt").isdecimal()
    assert sent == {
        "messageId": UUID,
        "requestId": answer.headers["x-amzn-requestid"],
        "sourceIp": "127.0.0.1",
        "origin": ORIGIN,
    }


@pytest.mark.parametrize("without", ["absent", ""])
def test_without_an_id_or_an_origin_the_request_id_stands_in(
    api: httpx.Client, received: list[Received], without: str
) -> None:
    posted = {key: value for key, value in PLAIN.items() if key != "submissionId"}
    if without == "":
        posted["submissionId"] = ""
    answer = api.post("/sendEmail", json=posted)
    sent = attributes(received[0])
    assert answer.json()["messageId"] == sent["messageId"] == answer.headers["x-amzn-requestid"]
    assert "origin" not in sent


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("message", "& \" ' \r\n\t % + = \\ < > $input.body #set($a=1)"),
        ("message", "&MessageBody=x&Action=DeleteQueue"),
        ("message", "\U0001f600" * 1000),
        ("message", "\u202e\u05e9\u05dc\u05d5\u05dd\u2028\ufeff"),
        ("subject", "50% & \"more\" = 'fun' + \U0001f600"),
        ("name", "O'Neil <script>"),
        *[("message", character * 1000) for character in "&\"'%+=\\"],
    ],
)
def test_a_legal_text_arrives_unchanged(
    api: httpx.Client, received: list[Received], field: str, text: str
) -> None:
    posted = PLAIN | {field: text}
    assert api.post("/sendEmail", json=posted).status_code == 202
    assert json.loads(received[0].form()["MessageBody"]) == posted


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "a\r\nBcc: x@example.com"},
        {"subject": "=?utf-8?q?x=0D=0ABcc=3A?="},
        {"name": "a\nb"},
        {"email": "ann@example.com\n"},
        {"message": "\x00"},
        {"message": "\ud800"},
        {"message": "x" * 1001},
        {"submissionId": "../x"},
        {"to": "x@example.com"},
        {"fillMilliseconds": -1},
        {"message": None},
    ],
)
def test_an_illegal_text_is_400_with_a_fixed_body(
    api: httpx.Client, received: list[Received], changed: dict[str, Any]
) -> None:
    content = json.dumps(PLAIN | changed)
    answer = api.post("/sendEmail", content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.json()["error"] == "invalid_request"
    assert answer.json()["requestId"] == answer.headers["x-amzn-requestid"]
    assert received == []


@pytest.mark.parametrize(("endpoint_status", "status"), [(400, 500), (403, 500), (500, 503), (503, 503)])
def test_what_was_not_stored_is_never_accepted(
    api: httpx.Client,
    endpoint: RecordingEndpoint,
    received: list[Received],
    endpoint_status: int,
    status: int,
) -> None:
    endpoint.reply = lambda _: Reply(endpoint_status, b"<ErrorResponse><Error/></ErrorResponse>", {})
    answer = api.post("/sendEmail", json=PLAIN)
    assert (answer.status_code, answer.json()["error"]) == (status, "unavailable")
    assert answer.headers["access-control-allow-origin"] == ORIGIN


def test_the_preflight_allows_the_page_to_post_json(api: httpx.Client) -> None:
    answer = api.options("/sendEmail", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()


TIMES = {"acceptedAt": "2026-11-24T23:11:09.123Z", "updatedAt": "2026-11-24T23:11:10.000Z"}


@pytest.mark.parametrize("more", [{}, {"sentAt": "2026-11-24T23:11:10.000Z"}])
def test_a_status_is_answered_with_its_times(
    api: httpx.Client, endpoint: RecordingEndpoint, received: list[Received], more: dict[str, str]
) -> None:
    record = {"messageId": UUID, "status": "sent", **TIMES, **more}
    item = {name: {"S": value} for name, value in record.items()}
    endpoint.reply = lambda _: Reply(200, json.dumps({"Item": item}).encode(), {})
    answer = api.get(f"/messages/{UUID}")
    assert (answer.status_code, answer.json()) == (200, record)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert json.loads(received[0].body)["Key"] == {"pk": {"S": f"MSG#{UUID}"}, "sk": {"S": "RECORD"}}


@pytest.mark.parametrize(
    ("message_id", "status", "error"),
    [
        (UUID.replace("6", "7"), 404, "not_found"),
        (f"{UUID}-c0123abcd", 404, "not_found"),
        *[
            (f"{UUID[:-1]}{tail}", 400, "invalid_request")
            for tail in ("", "g", "ff", "f-c0123abc", "f-c0123abcdd", "f-c0123ABCD", "f%0A")
        ],
        ("unknown", 400, "invalid_request"),
        ("*", 400, "invalid_request"),
        ("a" * 36, 400, "invalid_request"),
        ("a%22%7D", 400, "invalid_request"),
        ("a%0A", 400, "invalid_request"),
        ("%00", 400, "invalid_request"),
        ("%F0%9F%98%80", 400, "invalid_request"),
        ("a%2Fb", 400, "invalid_request"),
    ],
)
def test_an_unknown_id_is_404_and_what_is_none_is_400(
    api: httpx.Client,
    endpoint: RecordingEndpoint,
    received: list[Received],
    message_id: str,
    status: int,
    error: str,
) -> None:
    endpoint.reply = lambda _: Reply(200, b"{}", {})
    answer = api.get(f"/messages/{message_id}")
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    for asked in received:
        assert json.loads(asked.body)["Key"].keys() == {"pk", "sk"}
