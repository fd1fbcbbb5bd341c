import re
from typing import Any

import jsonschema
import pytest

from ops.local.gateway.aws import compile_target
from ops.local.gateway.definition import compile_methods
from ops.local.gateway.gateway_response import GatewayError, GatewayResponses
from ops.local.gateway.mapping import UnsupportedDefinitionError
from ops.local.gateway.model import accepts, compile_model
from ops.local.gateway.routing import find_method
from tests.fakes.api_definition import definition


def changed(path: str, **operation: Any) -> dict[str, Any]:
    whole = definition()
    whole["paths"]["/sendEmail"]["post"]["x-amazon-apigateway-integration"] |= operation
    whole["paths"][path] = whole["paths"].pop("/sendEmail")
    return whole


@pytest.mark.parametrize(
    "unsupported",
    [
        changed("/{proxy+}"),
        changed("/a", type="aws_proxy"),
        changed("/a", type="http"),
        changed("/a", uri="arn:aws:apigateway:us-east-1:sqs:path/{account}/queue"),
        changed("/a", requestParameters={"integration.request.path.id": "'1'"}),
        changed("/a", requestParameters={"integration.request.header.X": "method.request.body.a"}),
        changed("/a", responses={"200": {"statusCode": 200, "responseParameters": {"x": "'1'"}}}),
        {**definition(), "security": [{"key": []}]},
        {"paths": {"/a": {"x-amazon-apigateway-any-method": {}}}},
    ],
)
def test_what_is_not_emulated_is_refused_when_the_definition_is_loaded(unsupported: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedDefinitionError):
        compile_methods(unsupported)


@pytest.mark.parametrize(
    "uri",
    ["", "arn:aws:apigateway:us-east-1:s3:path/b/k", "arn:aws:apigateway:us-east-1:sqs:action/SendMessage"],
)
def test_only_the_integrations_that_the_project_uses_have_a_target(uri: str) -> None:
    with pytest.raises(UnsupportedDefinitionError):
        compile_target(uri)


@pytest.mark.parametrize(
    ("http_method", "path", "found"),
    [
        ("POST", "/prod/sendEmail", {}),
        ("POST", "/prod/sendEmail/", {}),
        ("GET", "/prod/messages/a-1", {"id": "a-1"}),
        ("GET", "/prod/messages/a%2Fb%20c", {"id": "a/b c"}),
        ("GET", "/prod/sendEmail", None),
        ("POST", "/prod/sendemail", None),
        ("POST", "/prod//sendEmail", None),
        ("POST", "/prod/sendEmail//", None),
        ("POST", "/prod%2FsendEmail", None),
        ("POST", "/test/sendEmail", None),
        ("POST", "/sendEmail", None),
        ("POST", "/prod", None),
        ("POST", "/", None),
        ("POST", "*", None),
        ("GET", "/prod/messages/", None),
        ("GET", "/prod/messages/a/b", None),
    ],
)
def test_routes(http_method: str, path: str, found: dict[str, str] | None) -> None:
    match = find_method(compile_methods(definition()), "prod", http_method, path)
    assert (match[1] if match else None) == found


def test_a_literal_path_wins_over_a_parameter() -> None:
    whole = definition()
    whole["paths"] = {"/{any}": whole["paths"]["/slow"], "/sendEmail": whole["paths"]["/sendEmail"]}
    match = find_method(compile_methods(whole), "prod", "POST", "/prod/sendEmail")
    assert match is not None
    assert match[0].resource_path == "/sendEmail"


def test_a_model_that_refers_to_itself_or_to_nothing_is_refused() -> None:
    schemas = {"Loop": {"properties": {"a": {"$ref": "#/components/schemas/Loop"}}}}
    for name in ("Loop", "Absent"):
        with pytest.raises(UnsupportedDefinitionError):
            compile_model({"$ref": f"#/components/schemas/{name}"}, {"components": {"schemas": schemas}})


def test_a_model_that_is_not_draft_4_is_refused() -> None:
    with pytest.raises(jsonschema.SchemaError):
        compile_model({"type": "integer", "minimum": 0, "exclusiveMinimum": 0}, {})


def test_a_pattern_is_not_tried_on_a_text_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(re, "search", lambda _pattern, text: tried.append(text))
    model = compile_model({"properties": {"a": {"pattern": "x", "type": "string", "maxLength": 3}}}, {})
    assert not accepts(model, {"a": "x" * 4})
    assert tried == []


NOT_VELOCITY = (
    "$context.requestId $context.identity.sourceIp. $context.error.responseType "
    "[$context.absent] $input.body #if(1)"
)


def rendered(customised: dict[str, Any], kind: str) -> tuple[int, str, dict[str, str]]:
    sources = {"context": {"requestId": "r-1", "identity": {"sourceIp": "192.0.2.1"}}}
    answer = GatewayResponses(customised).render(GatewayError(kind), sources)
    return answer.status, answer.body.decode(), answer.headers


@pytest.mark.parametrize(
    ("customised", "kind", "status", "body"),
    [
        ({}, "MISSING_AUTHENTICATION_TOKEN", 403, '{"message":"Missing Authentication Token"}'),
        ({}, "INTEGRATION_TIMEOUT", 504, '{"message":"Endpoint request timed out"}'),
        ({"DEFAULT_4XX": {"responseTemplates": {"application/json": "4"}}}, "THROTTLED", 429, "4"),
        ({"DEFAULT_4XX": {"statusCode": "418"}}, "THROTTLED", 418, '{"message":"Too Many Requests"}'),
        (
            {"DEFAULT_4XX": {"statusCode": "418"}, "THROTTLED": {}},
            "THROTTLED",
            429,
            '{"message":"Too Many Requests"}',
        ),
        ({"DEFAULT_5XX": {"responseTemplates": {"application/json": "5"}}}, "INTEGRATION_FAILURE", 504, "5"),
        (
            {"THROTTLED": {"responseTemplates": {"text/plain": NOT_VELOCITY}}},
            "THROTTLED",
            429,
            "r-1 192.0.2.1. THROTTLED [] $input.body #if(1)",
        ),
        (
            {"REQUEST_TOO_LARGE": {"statusCode": 400}},
            "REQUEST_TOO_LARGE",
            413,
            '{"message":"Request Too Long"}',
        ),
    ],
)
def test_gateway_responses(customised: dict[str, Any], kind: str, status: int, body: str) -> None:
    assert rendered(customised, kind)[:2] == (status, body)


def test_a_gateway_response_has_no_cors_header_unless_the_definition_says_so() -> None:
    header = {"responseParameters": {"gatewayresponse.header.Access-Control-Allow-Origin": "'http://x'"}}
    assert "Access-Control-Allow-Origin" not in rendered({}, "THROTTLED")[2]
    assert rendered({"DEFAULT_4XX": header}, "THROTTLED")[2]["Access-Control-Allow-Origin"] == "http://x"
