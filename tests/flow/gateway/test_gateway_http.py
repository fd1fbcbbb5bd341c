import json
from collections.abc import Callable

import httpx
import pytest

from ops.local.gateway.process import GatewayProcess
from tests.fakes.api_definition import ORIGIN
from tests.fakes.aws_endpoint import Received, RecordingEndpoint

JSON = {"content-type": "application/json"}
UUID = "6f1c1d3e-9a4b-4c2d-8e5f-0a1b2c3d4e5f"


def test_a_message_is_queued_under_its_own_id(api: httpx.Client, received: list[Received]) -> None:
    posted = {"message": "Hello", "submissionId": "m-1"}
    answer = api.post("/sendEmail", json=posted, headers={"Origin": ORIGIN})
    assert (answer.status_code, answer.json()) == (202, {"status": "queued", "messageId": "m-1"})
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "x-from-queue" not in answer.headers
    [message] = received
    assert (message.method, message.path) == ("POST", "/123456789012/intake")
    assert message.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "/us-east-1/sqs/aws4_request" in message.headers["authorization"]
    form = message.form()
    assert form["Action"] == "SendMessage"
    assert form["MessageAttribute.1.Value.StringValue"] == "m-1"
    assert form["MessageAttribute.2.Value.StringValue"] == ORIGIN
    assert json.loads(form["MessageBody"]) == posted


def test_without_an_id_of_its_own_the_request_id_names_the_message(
    api: httpx.Client, received: list[Received]
) -> None:
    answer = api.post("/sendEmail", json={"message": "Hello"})
    assert answer.json()["messageId"] == answer.headers["x-amzn-requestid"]
    assert received[0].form()["MessageAttribute.1.Value.StringValue"] == answer.headers["x-amzn-requestid"]
    assert "MessageAttribute.2.Name" not in received[0].form()


@pytest.mark.parametrize(("sent", "kept"), [(UUID, True), (UUID + "0", False), ("x\ty", False), ("", False)])
def test_only_a_uuid_overrides_the_request_id(
    api: httpx.Client, received: list[Received], sent: str, *, kept: bool
) -> None:
    answer = api.post("/sendEmail", json={"message": "Hello"}, headers={"X-Amzn-RequestId": sent})
    assert (answer.headers["x-amzn-requestid"] == sent) is kept


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 202),
        ([("content-type", "application/json;charset=utf-8")], 202),
        ([("content-type", "APPLICATION/JSON ; charset=utf-8")], 202),
        ([("content-type", "text/plain")], 415),
        ([("content-type", "application/x-www-form-urlencoded")], 415),
        ([("content-type", "application/json-patch+json")], 415),
        ([("content-type", "application/json"), ("content-type", "text/plain")], 415),
    ],
)
def test_only_json_or_no_type_at_all_is_taken(
    api: httpx.Client, received: list[Received], headers: list[tuple[str, str]], status: int
) -> None:
    answer = api.post("/sendEmail", content=b'{"message":"x"}', headers=headers)
    assert answer.status_code == status
    assert len(received) == (status == 202)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sendEmail"),
        ("PUT", "/sendEmail"),
        ("POST", "/unknown"),
        ("POST", ""),
        ("HEAD", "/sendEmail"),
    ],
)
def test_an_unknown_route_is_403(api: httpx.Client, method: str, path: str) -> None:
    answer = api.request(method, path)
    assert answer.status_code == 403
    assert answer.headers["x-amzn-errortype"] == "MissingAuthenticationTokenException"
    if method != "HEAD":
        assert answer.json()["message"] == "Missing Authentication Token"
        assert answer.json()["requestId"] == answer.headers["x-amzn-requestid"]


def test_a_preflight_is_answered_without_the_endpoint(api: httpx.Client, received: list[Received]) -> None:
    answer = api.options("/sendEmail", headers={"Access-Control-Request-Method": "POST"})
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert received == []


@pytest.mark.parametrize(
    ("query", "headers", "missing"),
    [
        ("", {}, "[page, X-Token]"),
        ("?page=", {"X-Token": "a"}, "[page]"),
        ("?page=1", {"X-Token": ""}, "[X-Token]"),
        ("?page=1", {"x-token": "a"}, ""),
    ],
)
def test_required_parameters(api: httpx.Client, query: str, headers: dict[str, str], missing: str) -> None:
    answer = api.get("/required" + query, headers=headers)
    assert answer.status_code == (400 if missing else 204)
    if missing:
        assert answer.json()["message"] == f"Missing required request parameters: {missing}"


def test_beyond_the_throttle_is_429_for_that_method_alone(
    start: Callable[..., GatewayProcess], endpoint: RecordingEndpoint, received: list[Received]
) -> None:
    limits = {"/slow/POST": {"rate": 0.001, "burst": 1}}
    gateway = start(endpoint.url, throttle={"rate": 0.001, "burst": 3}, methodThrottles=limits)
    with httpx.Client(base_url=f"{gateway.api}/prod") as client:
        posts = [client.post("/sendEmail", json={"message": "x"}) for _ in range(5)]
        slow = [client.post("/slow", json={}).status_code for _ in range(2)]
        assert client.options("/sendEmail").status_code == 204
    assert [post.status_code for post in posts] == [202, 202, 202, 429, 429]
    assert posts[3].json()["error"] == "too_many_requests"
    assert slow == [400, 429]
    assert len(received) == 3
