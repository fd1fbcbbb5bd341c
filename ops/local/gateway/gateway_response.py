"""The answers that API Gateway gives by itself, as the API customises them."""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ops.local.gateway.mapping import Mapped, apply, compile_mappings

# Type → default status code, error code and message.
# https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
_KINDS = {
    "API_CONFIGURATION_ERROR": (500, "InternalServerErrorException", "Internal server error"),
    "BAD_REQUEST_BODY": (400, "BadRequestException", "Invalid request body"),
    "BAD_REQUEST_PARAMETERS": (400, "BadRequestException", "Missing required request parameters"),
    "INTEGRATION_FAILURE": (504, "InternalServerErrorException", "Internal server error"),
    "INTEGRATION_TIMEOUT": (504, "InternalServerErrorException", "Endpoint request timed out"),
    "MISSING_AUTHENTICATION_TOKEN": (
        403,
        "MissingAuthenticationTokenException",
        "Missing Authentication Token",
    ),
    "REQUEST_TOO_LARGE": (413, "RequestTooLargeException", "Request Too Long"),
    "THROTTLED": (429, "TooManyRequestsException", "Too Many Requests"),
    "WAF_FILTERED": (403, "ForbiddenException", "Forbidden"),
    "UNSUPPORTED_MEDIA_TYPE": (415, "UnsupportedMediaTypeException", "Unsupported Media Type"),
}
_DEFAULT_TEMPLATES = {"application/json": '{"message":$context.error.messageString}'}
# Not VTL, only names:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
_VARIABLE = re.compile(r"\$context\.([\w.-]*\w)")


class GatewayError(Exception):
    """Ends a request with the gateway response of this type, a key of the documented table."""

    def __init__(self, kind: str, message: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.message = message or _KINDS[kind][2]


class Answer(NamedTuple):
    """Status, headers and body as the client gets them."""

    status: int
    headers: dict[str, str]
    body: bytes


class _Response(NamedTuple):
    status: int
    code: str
    headers: tuple[Mapped, ...]
    content_type: str
    template: str

    def render(self, error: GatewayError, sources: Mapping[str, Mapping[str, Any]]) -> Answer:
        context = {
            **sources["context"],
            "error": {
                "message": error.message,
                "messageString": json.dumps(error.message),
                "responseType": error.kind,
            },
        }

        def value(variable: re.Match[str]) -> str:
            return Mapped("", "context", variable[1]).value({"context": context}) or ""

        body = _VARIABLE.sub(value, self.template)
        headers = {
            "content-type": self.content_type,
            "x-amzn-errortype": self.code,
            **apply(self.headers, sources),
        }
        return Answer(self.status, headers, body.encode())


class GatewayResponses:
    """All gateway responses of one API, from its `x-amazon-apigateway-gateway-responses`."""

    def __init__(self, customised: Mapping[str, Mapping[str, Any]]) -> None:
        self._by_kind = {kind: _compile(kind, customised) for kind in _KINDS}

    def render(self, error: GatewayError, sources: Mapping[str, Mapping[str, Any]]) -> Answer:
        return self._by_kind[error.kind].render(error, sources)


def _compile(kind: str, customised: Mapping[str, Mapping[str, Any]]) -> _Response:
    status, code, _ = _KINDS[kind]
    own = customised.get(kind, customised.get(f"DEFAULT_{status // 100}XX", {}))
    if kind == "REQUEST_TOO_LARGE":
        # "currently … customizing the 413 REQUEST_TOO_LARGE default gateway response" is not supported:
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
        own = {}
    templates = own.get("responseTemplates") or _DEFAULT_TEMPLATES
    content_type = "application/json" if "application/json" in templates else next(iter(templates))
    return _Response(
        status=int(own.get("statusCode") or status),
        code=code,
        headers=compile_mappings(own.get("responseParameters"), "gatewayresponse.header."),
        content_type=content_type,
        template=templates[content_type],
    )
