"""An OpenAPI body with API Gateway's extensions, compiled to what a request needs.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema.protocols import Validator

from ops.local.gateway.mapping import Mapped, UnsupportedDefinitionError, compile_mappings
from ops.local.gateway.model import compile_model
from ops.local.gateway.velocity import Template

_EXTENSION = "x-amazon-apigateway-"
_METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_LONGEST_TIMEOUT_MILLISECONDS = 29_000
_PLACES = {"path": "path", "query": "querystring", "header": "header"}


@dataclass(frozen=True)
class IntegrationResponse:
    """One entry of an integration's `responses`; a pattern of None is the default."""

    pattern: re.Pattern[str] | None
    status: int
    headers: tuple[Mapped, ...]
    content_type: str
    template: Template | None


@dataclass(frozen=True)
class Integration:
    """How a method is answered: `type` is mock or aws, `uri` is empty for mock."""

    type: str
    uri: str
    http_method: str
    passthrough: str
    templates: dict[str, Template]
    headers: tuple[Mapped, ...]
    responses: tuple[IntegrationResponse, ...]
    timeout_seconds: float


@dataclass(frozen=True)
class Method:
    """One route; `segments` are literals, or `{name}` for a path parameter."""

    http_method: str
    resource_path: str
    segments: tuple[str, ...]
    #: (place, name) of what validateRequestParameters demands
    required: tuple[tuple[str, str], ...]
    validates_body: bool
    models: dict[str, Validator]
    integration: Integration


def compile_methods(definition: Mapping[str, Any]) -> list[Method]:
    """All methods, literal paths first. Raises UnsupportedDefinitionError for what is not emulated."""
    methods = [
        _method(path, verb, operation, definition) for path, verb, operation in _operations(definition)
    ]
    return sorted(methods, key=lambda method: method.resource_path.count("{"))


def _operations(definition: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in definition["paths"].items():
        for verb, operation in item.items():
            if verb == "parameters":
                continue
            if verb not in _METHODS or "+}" in path:
                raise UnsupportedDefinitionError(f"{verb} {path}")
            if operation.get("security") or definition.get("security"):
                raise UnsupportedDefinitionError(f"an authorizer or API key on {path}")
            yield path, verb, {**operation, "parameters": _parameters(item, operation)}


def _parameters(item: Mapping[str, Any], operation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*item.get("parameters", []), *operation.get("parameters", [])]


def _method(path: str, verb: str, operation: Mapping[str, Any], definition: Mapping[str, Any]) -> Method:
    name = operation.get(f"{_EXTENSION}request-validator", definition.get(f"{_EXTENSION}request-validator"))
    validator = definition.get(f"{_EXTENSION}request-validators", {})[name] if name else {}
    required = [p for p in operation["parameters"] if p.get("required")]
    content = operation.get("requestBody", {}).get("content", {})
    return Method(
        http_method=verb.upper(),
        resource_path=path,
        segments=tuple(segment for segment in path.split("/") if segment),
        required=tuple((_PLACES[p["in"]], p["name"]) for p in required)
        if validator.get("validateRequestParameters")
        else (),
        validates_body=bool(validator.get("validateRequestBody")),
        models={kind: compile_model(body["schema"], definition) for kind, body in content.items()},
        integration=_integration(path, operation[f"{_EXTENSION}integration"]),
    )


def _integration(path: str, integration: Mapping[str, Any]) -> Integration:
    kind = integration["type"].lower()
    uri = integration.get("uri", "")
    if kind not in {"mock", "aws"} or "{" in uri:
        raise UnsupportedDefinitionError(f"the integration {kind} {uri} of {path}")
    milliseconds = integration.get("timeoutInMillis", _LONGEST_TIMEOUT_MILLISECONDS)
    responses = [_response(pattern, response) for pattern, response in integration["responses"].items()]
    return Integration(
        type=kind,
        uri=uri,
        http_method=integration.get("httpMethod", "POST"),
        passthrough=integration.get("passthroughBehavior", "when_no_match").lower(),
        templates={
            kind: Template(source) for kind, source in integration.get("requestTemplates", {}).items()
        },
        headers=compile_mappings(integration.get("requestParameters"), "integration.request.header."),
        # The default is tried last.
        responses=tuple(sorted(responses, key=lambda response: response.pattern is None)),
        timeout_seconds=milliseconds / 1000,
    )


def _response(pattern: str, response: Mapping[str, Any]) -> IntegrationResponse:
    templates = response.get("responseTemplates") or {}
    content_type = next(iter(templates), "application/json")
    if "application/json" in templates:
        content_type = "application/json"
    return IntegrationResponse(
        pattern=None if pattern == "default" else re.compile(pattern),
        status=int(response["statusCode"]),
        headers=compile_mappings(response.get("responseParameters"), "method.response.header."),
        content_type=content_type,
        template=Template(templates[content_type]) if templates else None,
    )
