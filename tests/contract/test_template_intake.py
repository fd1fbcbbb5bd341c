"""The template of `POST /sendEmail`: whatever is posted, SQS gets it unchanged and in one parameter."""

import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.local.gateway import vtl
from ops.local.gateway.velocity import Template
from tests.contract.translated import resource, text

Headers = dict[str, str]
INJECTION = "a&Action=DeleteQueue&MessageBody=x%26+=?#;\"'\\\n\r\u2028😀"


def _integration() -> dict[str, Any]:
    method = resource("ContactApi")["Body"]["paths"]["/sendEmail"]["post"]
    integration: dict[str, Any] = method["x-amazon-apigateway-integration"]
    return integration


def _post(body: dict[str, Any], headers: Headers | None = None) -> tuple[list[tuple[str, str]], str]:
    """Return SQS's form fields in order, and the 202's text."""
    context: dict[str, Any] = {
        "requestId": "r-1",
        "requestTimeEpoch": 1_764_000_000_123,
        "identity": {"sourceIp": "2001:db8::1"},
        "requestOverride": {"path": {}},
    }
    request = Template(_integration()["requestTemplates"]["application/json"])
    parameters = {"path": {}, "querystring": {}, "header": headers or {}}
    form = vtl.render(request, json.dumps(body).encode(), parameters, context, {})
    answer = Template(
        text(_integration()["responses"]["200"]["responseTemplates"]["application/json"], FormOrigins="")
    )
    fields = parse_qsl(form.decode(), keep_blank_values=True, strict_parsing=True)
    return fields, vtl.render(answer, b"{}", {}, context, {}).decode()


def _attributes(fields: list[tuple[str, str]]) -> dict[str, str]:
    form = dict(fields)
    names = [key for key in form if key.endswith(".Name")]
    return {form[key]: form[key.removesuffix("Name") + "Value.StringValue"] for key in names}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_arrives_as_it_was_posted(typed: str) -> None:
    body = {"email": "a@example.com", "subject": typed, "message": typed}
    fields, _ = _post(body)
    assert json.loads(dict(fields)["MessageBody"]) == body


def test_no_text_can_add_a_parameter_to_the_request() -> None:
    fields, _ = _post({"message": INJECTION}, {"Origin": INJECTION})
    assert [key for key, _ in fields if not key.startswith("MessageAttribute.")] == ["Action", "MessageBody"]
    assert [value for key, value in fields if key == "Action"] == ["SendMessage"]
    assert _attributes(fields)["origin"] == INJECTION


def test_the_forms_own_id_becomes_the_messages_id() -> None:
    own = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
    fields, answer = _post({"submissionId": own})
    assert _attributes(fields)["messageId"] == own
    assert json.loads(answer) == {"status": "queued", "messageId": own}


@pytest.mark.parametrize("body", [{}, {"submissionId": ""}])
def test_without_one_the_requests_id_stands_in(body: dict[str, Any]) -> None:
    fields, answer = _post(body)
    assert _attributes(fields)["messageId"] == "r-1"
    assert json.loads(answer) == {"status": "queued", "messageId": "r-1"}


def test_the_queue_learns_who_asked_and_when() -> None:
    fields, _ = _post({})
    assert _attributes(fields) == {
        "messageId": "r-1",
        "requestId": "r-1",
        "receivedAt": "1764000000123",
        "sourceIp": "2001:db8::1",
    }
    assert {value for key, value in fields if key.endswith(".DataType")} == {"String"}


@pytest.mark.parametrize("spelling", ["Origin", "origin"])
def test_the_origin_is_passed_on_however_http_spells_it(spelling: str) -> None:
    fields, _ = _post({}, {spelling: "https://example.com"})
    assert _attributes(fields)["origin"] == "https://example.com"
