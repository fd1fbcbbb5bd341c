"""One stage of a REST API: from a method request to its answer."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

from ops.local.gateway.aws import AwsEndpoint, compile_target
from ops.local.gateway.connections import EndpointAnswer
from ops.local.gateway.context import new_context
from ops.local.gateway.definition import Integration, compile_methods
from ops.local.gateway.gateway_response import Answer, GatewayError, GatewayResponses
from ops.local.gateway.integration import integration_payload, method_response, mock_answer, validate
from ops.local.gateway.invocation import Invocation, Request
from ops.local.gateway.mapping import apply
from ops.local.gateway.routing import find_method
from ops.local.gateway.throttle import TokenBucket
from ops.local.gateway.velocity import TemplateFailedError


@dataclass(frozen=True)
class Throttle:
    """Requests a second, and how many at once."""

    rate: float
    burst: int


class Api:
    """Serves one compiled definition. Raises UnsupportedDefinitionError for what it does not emulate."""

    def __init__(
        self,
        definition: Mapping[str, Any],
        stage: str,
        throttle: Throttle,
        method_throttles: Mapping[str, Throttle],
        endpoint: AwsEndpoint,
    ) -> None:
        """`method_throttles` by `<resource path>/<HTTP method>`, as in a stage's method settings."""
        self._stage = stage
        self._endpoint = endpoint
        self._methods = compile_methods(definition)
        self._responses = GatewayResponses(definition.get("x-amazon-apigateway-gateway-responses", {}))
        uris = {method.integration.uri for method in self._methods if method.integration.type == "aws"}
        self._targets = {uri: compile_target(uri) for uri in uris}
        self._buckets: dict[tuple[str, str], TokenBucket] = {}
        for method in self._methods:
            limit = method_throttles.get(f"{method.resource_path}/{method.http_method}", throttle)
            bucket = TokenBucket(limit.rate, limit.burst, time.monotonic)
            self._buckets[method.resource_path, method.http_method] = bucket

    async def answer(self, request: Request) -> Answer:
        """Never raises for what a client or the endpoint sends."""
        path = unquote(request.raw_path)
        context = new_context(self._stage, request.http_method, path, request.source_ip, request.headers)
        query = dict(parse_qsl(request.query_string, keep_blank_values=True))
        parameters = {"path": {}, "querystring": query, "header": request.headers}
        invocation = Invocation(request, context, parameters)
        try:
            answer = await self._invoke(invocation)
        except TemplateFailedError:
            answer = self._failed(GatewayError("API_CONFIGURATION_ERROR"), invocation)
        except GatewayError as error:
            answer = self._failed(error, invocation)
        answer.headers["x-amzn-requestid"] = context["requestId"]
        answer.headers["x-amz-apigw-id"] = context["extendedRequestId"]
        return answer

    def _failed(self, error: GatewayError, invocation: Invocation) -> Answer:
        return self._responses.render(error, invocation.sources())

    async def _invoke(self, invocation: Invocation) -> Answer:
        request = invocation.request
        found = find_method(self._methods, self._stage, request.http_method, request.raw_path)
        if found is None:
            raise GatewayError("MISSING_AUTHENTICATION_TOKEN")
        method, invocation.parameters["path"] = found
        invocation.context["resourcePath"] = method.resource_path
        if not self._buckets[method.resource_path, method.http_method].take():
            raise GatewayError("THROTTLED")
        invocation.body = await request.read_body()
        validate(method, invocation)
        payload = integration_payload(method.integration, invocation)
        if method.integration.type == "mock":
            answer = mock_answer(payload)
        else:
            answer = await self._call(method.integration, payload, invocation)
        return method_response(method.integration, answer, invocation)

    async def _call(self, integration: Integration, payload: bytes, invocation: Invocation) -> EndpointAnswer:
        override = invocation.context["requestOverride"]
        headers = apply(integration.headers, invocation.sources()) | override["header"]
        target = self._targets[integration.uri]
        try:
            async with asyncio.timeout(integration.timeout_seconds):
                return await self._endpoint.send(
                    integration.http_method, target, headers, override["querystring"], payload
                )
        except TimeoutError:
            raise GatewayError("INTEGRATION_TIMEOUT") from None
        except OSError:
            raise GatewayError("INTEGRATION_FAILURE") from None
