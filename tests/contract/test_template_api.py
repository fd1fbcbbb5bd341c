"""The API's definition in template.yaml: what every caller may count on."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.translated import resource, template, text

ORIGIN = {"Fn::Sub": "'${AllowedOrigin}'"}
GATEWAY_RESPONSES = {
    "BAD_REQUEST_BODY": 400,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "REQUEST_TOO_LARGE": 413,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "THROTTLED": 429,
    "WAF_FILTERED": 429,
    "DEFAULT_4XX": None,
    "DEFAULT_5XX": None,
}
ROUTES = {
    "/sendEmail": {"post", "options"},
    "/form": {"post", "options"},
    "/form/{formId}": {"post", "options"},
    "/messages/{id}": {"get", "options"},
}


def _body() -> dict[str, Any]:
    body: dict[str, Any] = resource("ContactApi")["Body"]
    return body


def _gateway_responses() -> dict[str, dict[str, Any]]:
    responses: dict[str, dict[str, Any]] = _body()["x-amazon-apigateway-gateway-responses"]
    return responses


def _integration(path: str, method: str) -> dict[str, Any]:
    integration: dict[str, Any] = _body()["paths"][path][method]["x-amazon-apigateway-integration"]
    return integration


def _answers() -> list[tuple[str, str, str, dict[str, Any]]]:
    """(path, method, pattern of the integration's status, integration response) of what a script reads."""
    return [
        (path, method, pattern, answer)
        for path, methods in ROUTES.items()
        for method in sorted(methods)
        for pattern, answer in _integration(path, method)["responses"].items()
    ]


def _templates(templates: dict[str, Any]) -> Iterator[str]:
    for value in templates.values():
        yield text(value)


def test_the_api_has_four_routes_and_their_preflights() -> None:
    assert {path: set(methods) for path, methods in _body()["paths"].items()} == ROUTES


def test_the_stage_is_throttled_by_parameters_and_logs_no_body() -> None:
    [settings] = resource("ContactApiprodStage")["MethodSettings"]
    assert settings["ThrottlingRateLimit"] == {"Ref": "ThrottleRate"}
    assert settings["ThrottlingBurstLimit"] == {"Ref": "ThrottleBurst"}
    assert settings["DataTraceEnabled"] is False
    assert settings["MetricsEnabled"] is False
    assert (settings["ResourcePath"], settings["HttpMethod"]) == ("/*", "*")


def test_the_access_log_is_json_and_holds_no_path_with_an_id_in_it() -> None:
    entry = json.loads(resource("ContactApiprodStage")["AccessLogSetting"]["Format"])
    assert entry["sourceIp"] == "$context.identity.sourceIp"
    assert "$context.path" not in entry.values()


def test_old_tls_is_refused() -> None:
    api = resource("ContactApi")
    assert api["SecurityPolicy"] == "SecurityPolicy_TLS13_1_2_2021_06"
    assert api["EndpointAccessMode"] == "STRICT"


@pytest.mark.parametrize("origin", ["https://example.com", "http://127.0.0.1:8001", "http://localhost"])
def test_an_origin_is_https_or_on_this_machine(origin: str) -> None:
    assert re.search(template()["Parameters"]["AllowedOrigin"]["AllowedPattern"], origin)


@pytest.mark.parametrize(
    "origin", ["*", "http://example.com", "https://a.example/", "https://a' b.example", ""]
)
def test_nothing_else_can_become_the_allowed_origin(origin: str) -> None:
    assert not re.search(template()["Parameters"]["AllowedOrigin"]["AllowedPattern"], origin)


def test_every_error_that_a_caller_can_cause_has_an_answer_of_ours() -> None:
    assert {kind: r.get("statusCode") for kind, r in _gateway_responses().items()} == GATEWAY_RESPONSES


@pytest.mark.parametrize("kind", GATEWAY_RESPONSES)
def test_the_page_may_read_every_error_of_the_gateway(kind: str) -> None:
    assert _gateway_responses()[kind]["responseParameters"] == {
        "gatewayresponse.header.Access-Control-Allow-Origin": {
            "Fn::If": ["HasSeveralOrigins", "'*'", ORIGIN]
        },
        "gatewayresponse.header.Vary": "'Origin'",
    }


@pytest.mark.parametrize("kind", GATEWAY_RESPONSES)
def test_an_error_of_the_gateway_is_fixed_text_and_repeats_nothing_of_the_request(kind: str) -> None:
    [words] = _templates(_gateway_responses()[kind]["responseTemplates"])
    assert re.findall(r"\$[\w.]+", words) == ["$context.requestId"]
    assert json.loads(words).keys() == {"error", "message", "requestId"}


@pytest.mark.parametrize(("path", "method", "pattern", "answer"), _answers())
def test_the_page_may_read_every_answer(path: str, method: str, pattern: str, answer: dict[str, Any]) -> None:
    headers = answer["responseParameters"]
    assert headers["method.response.header.Access-Control-Allow-Origin"] == ORIGIN, (path, pattern)
    assert headers["method.response.header.Vary"] == "'Origin'"
    if method != "options":
        assert headers["method.response.header.Cache-Control"] == "'no-store'"


@pytest.mark.parametrize(("path", "method", "pattern", "answer"), _answers())
def test_an_answer_sets_only_headers_that_its_method_declares(
    path: str, method: str, pattern: str, answer: dict[str, Any]
) -> None:
    declared = _body()["paths"][path][method]["responses"][answer["statusCode"]]["headers"]
    set_here = {name.removeprefix("method.response.header.") for name in answer["responseParameters"]}
    assert set_here == declared.keys(), (path, pattern)


@pytest.mark.parametrize(
    ("path", "method"), [("/sendEmail", "post"), ("/form", "post"), ("/messages/{id}", "get")]
)
def test_trouble_behind_the_gateway_is_never_called_the_callers_fault(path: str, method: str) -> None:
    answers = {
        pattern: answer["statusCode"] for pattern, answer in _integration(path, method)["responses"].items()
    }
    assert answers == {"200": answers["200"], r"5\d{2}": "503", "default": "500"}


@pytest.mark.parametrize(
    ("path", "method"), [("/sendEmail", "post"), ("/form", "post"), ("/messages/{id}", "get")]
)
def test_a_mapping_template_is_one_line(path: str, method: str) -> None:
    integration = _integration(path, method)
    texts = list(_templates(integration["requestTemplates"]))
    for answer in integration["responses"].values():
        texts += _templates(answer["responseTemplates"])
    assert [one for one in texts if "\n" in one] == []


@pytest.mark.parametrize(("path", "method"), [("/sendEmail", "post"), ("/messages/{id}", "get")])
def test_no_other_content_type_gets_past_the_model(path: str, method: str) -> None:
    integration = _integration(path, method)
    assert integration["passthroughBehavior"] == "never"
    assert list(integration["requestTemplates"]) == ["application/json"]
    assert _body()["x-amazon-apigateway-request-validator"] == "body"
    assert _body()["x-amazon-apigateway-request-validators"]["body"]["validateRequestBody"] is True


def test_a_plain_form_s_text_is_urlencoded_and_nothing_else() -> None:
    integration = _integration("/form", "post")
    assert list(integration["requestTemplates"]) == ["application/x-www-form-urlencoded"]
    assert integration["passthroughBehavior"] == "never"
