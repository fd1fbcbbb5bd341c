import json
import socket
from typing import Any

import httpx
import pytest

from ops.local.gateway.process import GatewayProcess
from tests.fakes.api_definition import ORIGIN
from tests.fakes.aws_endpoint import Received

JSON = {"content-type": "application/json"}
ARABIC = "\u0645\u0631\u062d\u0628\u0627"
HEBREW = "\u202e\u05e9\u05dc\u05d5\u05dd"
LONG = ["\n" * 999 + "x"] + [
    character * 1000 for character in ("&", '"', "'", "%", "+", "=", "\\", "<", "\U0001f600", "\u05d0")
]


def body_of(message: Received) -> Any:
    return json.loads(message.form()["MessageBody"])


@pytest.mark.parametrize(
    "text",
    [
        "&MessageBody=other&Action=DeleteQueue",
        "& \" ' \n % + =",
        "%26%0d%0a",
        "a\r\nBcc: x@example.com\r\n\r\nHTTP/1.1 200 OK",
        "\x01\x08\x1b\x7f\x85\u2028\ufeff",
        "$input.body #set($a = 1) $util.urlEncode('x') __FORMAL_REFERENCE__REPLACE_TEXT__",
        "</script><b>'; DROP TABLE--",
        ARABIC,
        HEBREW,
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 e\u0301",
        *LONG,
    ],
)
def test_a_hostile_text_arrives_unchanged(api: httpx.Client, received: list[Received], text: str) -> None:
    # Both ways of writing JSON: \u escapes, and the characters themselves in UTF-8.
    for escaped in (True, False):
        content = json.dumps({"message": text, "submissionId": text}, ensure_ascii=escaped).encode()
        answer = api.post("/sendEmail", content=content, headers=JSON)
        assert answer.status_code == 202
    assert [body_of(message)["message"] for message in received] == [text, text]
    assert received[0].form()["MessageAttribute.1.Value.StringValue"] == text


@pytest.mark.parametrize(
    "content",
    [
        b'{"message":"\\ud800"}',
        b'{"message":"a\\udfffb"}',
        b'{"message":"x","extra":{"\\ud800":1}}',
        b'{"message":"\xed\xa0\x80"}',
        b'{"message":"\x00"}',
        b'{"message":"\\u0000"}',
        b'{"message":"x","count":NaN}',
        b'{"message":"x","extra":Infinity}',
        b'{"message":"x","extra":1e999}',
        b'{"message":"x","extra":' + b"9" * 5000 + b"}",
        b'{"message":"x","extra":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"message":' + b'{"a":' * 100_000,
        b'{"message":' + b'"x"' * 2 + b"}",
        b"{message:1}",
        b"[]",
        b"null",
        b"",
        b'{"message":5}',
        b'{"message":" \\n "}',
        b'{"message":"' + b"x" * 1001 + b'"}',
        b'{"message":"x","count":6}',
        b'{"message":"x","count":1.5}',
        b'{"message":"x","other":1}',
        '{"message":"x"}'.encode("utf-16"),
    ],
)
def test_what_cannot_arrive_unchanged_is_refused(
    api: httpx.Client, received: list[Received], content: bytes
) -> None:
    answer = api.post("/sendEmail", content=content, headers=JSON)
    assert 400 <= answer.status_code < 600
    assert answer.json()["error"] in {"invalid_request", "unavailable"}
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert received == []
    assert api.post("/sendEmail", json={"message": "still there"}).status_code == 202


def test_of_two_equal_keys_the_last_is_sent(api: httpx.Client, received: list[Received]) -> None:
    content = b'{"message":"a","message":"b","extra":12345678901234567890}'
    api.post("/sendEmail", content=content, headers=JSON)
    assert received[0].form()["MessageBody"] == '{"message":"b","extra":12345678901234567890}'


@pytest.mark.parametrize("declared", [True, False])
def test_more_than_10_mb_is_413(api: httpx.Client, received: list[Received], *, declared: bool) -> None:
    size = 10 * 1024 * 1024 + 1
    chunks = (b"x" * 65536 for _ in range(size // 65536 + 1))
    answer = api.post("/sendEmail", content=b"x" * size if declared else chunks, headers=JSON)
    assert (answer.status_code, answer.json()) == (413, {"message": "Request Too Long"})
    assert received == []
    assert api.post("/sendEmail", json={"message": "x"}).status_code == 202


def test_10_mb_of_json_are_refused_by_the_model_and_not_by_its_pattern(
    api: httpx.Client, received: list[Received]
) -> None:
    content = b'{"message":"' + b"x" * (10 * 1024 * 1024 - 14) + b'"}'
    assert api.post("/sendEmail", content=content, headers=JSON).status_code == 400


def test_a_request_that_is_not_http_does_not_end_the_gateway(
    gateway: GatewayProcess, api: httpx.Client
) -> None:
    host, port = gateway.api.removeprefix("http://").split(":")
    for request in (
        b"\x00\xff\r\n\r\n",
        b"GET /prod/\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /prod/sendEmail HT",
    ):
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
    assert api.options("/sendEmail").status_code == 204
