"""The templates of `GET /messages/{id}`: whatever is asked for, DynamoDB gets a sound request."""

import json
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ops.local.gateway import vtl
from ops.local.gateway.velocity import Template
from schemas.record import RECEIPT_ID_PATTERN
from tests.contract.translated import resource, text


def _integration() -> dict[str, Any]:
    method = resource("ContactApi")["Body"]["paths"]["/messages/{id}"]["get"]
    integration: dict[str, Any] = method["x-amazon-apigateway-integration"]
    return integration


def _render(template: str, path: dict[str, str], context: dict[str, Any], payload: bytes = b"") -> Any:
    return json.loads(vtl.render(Template(template), payload, {"path": path}, context, {}))


def _status_request(message_id: str) -> tuple[dict[str, Any], str]:
    """Return the GetItem request, and the id that the response template will see."""
    context: dict[str, Any] = {"requestOverride": {"path": {}}}
    asked = text(_integration()["requestTemplates"]["application/json"], MessagesTable="messages")
    request = _render(asked, {"id": message_id}, context)
    return request, context["requestOverride"]["path"]["messageId"]


def _status_answer(item: dict[str, Any] | None, seen_id: str) -> tuple[dict[str, Any], int]:
    override: dict[str, Any] = {"status": 200}
    context = {
        "requestId": "r-1",
        "requestOverride": {"path": {"messageId": seen_id}},
        "responseOverride": override,
    }
    answer = text(_integration()["responses"]["200"]["responseTemplates"]["application/json"], FormOrigins="")
    payload = json.dumps({} if item is None else {"Item": {key: {"S": value} for key, value in item.items()}})
    return _render(answer, {}, context, payload.encode()), override["status"]


@given(st.from_regex(RECEIPT_ID_PATTERN, fullmatch=True))
def test_a_legal_id_is_looked_up_as_it_is(message_id: str) -> None:
    request, seen = _status_request(message_id)
    assert request["Key"] == {"pk": {"S": f"MSG#{message_id}"}, "sk": {"S": "RECORD"}}
    assert seen == message_id


@given(st.text().filter(lambda typed: not re.fullmatch(RECEIPT_ID_PATTERN, typed)))
def test_an_id_that_is_none_never_gets_into_the_request(message_id: str) -> None:
    request, seen = _status_request(message_id)
    assert request["Key"] == {"pk": {"S": "MSG#!"}, "sk": {"S": "RECORD"}}
    assert _status_answer(None, seen)[1] == 400


def test_the_template_has_the_schema_s_pattern() -> None:
    assert f'$id.matches("{RECEIPT_ID_PATTERN}")' in text(
        _integration()["requestTemplates"]["application/json"]
    )


def test_a_known_id_gets_status_and_times_and_only_those_there_are() -> None:
    item = {"messageId": "m-1", "status": "queued", "acceptedAt": "T1", "updatedAt": "T2"}
    assert _status_answer(item, "m-1") == (item, 200)
    assert _status_answer(item | {"sentAt": "T3", "settledAt": "T4"}, "m-1") == (
        item | {"sentAt": "T3", "settledAt": "T4"},
        200,
    )


def test_an_unknown_id_is_404() -> None:
    answer, status = _status_answer(None, "m-1")
    assert (answer["error"], status) == ("not_found", 404)
