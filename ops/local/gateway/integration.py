"""The steps around an integration: request validation, request and response mapping."""

import json

from ops.local.gateway import json_body
from ops.local.gateway.aws import checked
from ops.local.gateway.connections import EndpointAnswer
from ops.local.gateway.definition import Integration, IntegrationResponse, Method
from ops.local.gateway.gateway_response import Answer, GatewayError
from ops.local.gateway.invocation import Invocation
from ops.local.gateway.mapping import apply
from ops.local.gateway.model import accepts


def validate(method: Method, invocation: Invocation) -> None:
    """Run the method's request validator. Raises GatewayError.

    "If no matching content type is found, request validation is not performed":
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
    """
    missing = [name for place, name in method.required if not _is_given(invocation, place, name)]
    if missing:
        message = f"Missing required request parameters: [{', '.join(missing)}]"
        raise GatewayError("BAD_REQUEST_PARAMETERS", message)
    model = method.models.get(invocation.request.media_type, method.models.get("$default"))
    if not method.validates_body or model is None:
        return
    try:
        document = json_body.parse(invocation.body or b"{}")
    except json_body.InvalidJsonError:
        raise GatewayError("BAD_REQUEST_BODY") from None
    if not accepts(model, document):
        raise GatewayError("BAD_REQUEST_BODY")


def _is_given(invocation: Invocation, place: str, name: str) -> bool:
    key = name.lower() if place == "header" else name
    return bool(invocation.parameters[place].get(key, "").strip())


def integration_payload(integration: Integration, invocation: Invocation) -> bytes:
    """The mapped body, or the body itself where passthrough allows it.

    Raises GatewayError, TemplateFailedError.
    """
    template = integration.templates.get(invocation.request.media_type)
    if template is not None:
        return invocation.render(template, invocation.body)
    forbidden = integration.passthrough == "never" or (
        integration.passthrough == "when_no_templates" and integration.templates
    )
    if forbidden:
        raise GatewayError("UNSUPPORTED_MEDIA_TYPE")
    return invocation.body


def mock_answer(payload: bytes) -> EndpointAnswer:
    """What a mock integration's request template asks for: `{"statusCode": 200}`.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-mock-integration.html
    """
    try:
        status = json.loads(payload)["statusCode"]
    except (ValueError, LookupError, TypeError):
        status = None
    if not isinstance(status, int):
        raise GatewayError("API_CONFIGURATION_ERROR")
    return EndpointAnswer(status, {}, b"")


def method_response(integration: Integration, answer: EndpointAnswer, invocation: Invocation) -> Answer:
    """Map the endpoint's answer to the client's. Raises GatewayError, TemplateFailedError."""
    response = _select(integration, answer.status)
    invocation.endpoint_headers = answer.headers
    body = invocation.render(response.template, answer.body) if response.template else answer.body
    override = invocation.context["responseOverride"]
    headers = {"content-type": response.content_type}
    for name, value in (apply(response.headers, invocation.sources()) | override["header"]).items():
        headers[name.lower()] = checked(value)
    return Answer(_status(override.get("status"), response.status), headers, body)


def _select(integration: Integration, status: int) -> IntegrationResponse:
    for response in integration.responses:
        if response.pattern is None or response.pattern.fullmatch(str(status)):
            return response
    raise GatewayError("API_CONFIGURATION_ERROR")


def _status(override: object, default: int) -> int:
    # No HTTP server can send another status; API Gateway ignores it as well.
    return override if isinstance(override, int) and 200 <= override < 600 else default  # noqa: PLR2004 - HTTP's
