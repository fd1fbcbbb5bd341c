"""What the steps of one request share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ops.local.gateway import vtl
from ops.local.gateway.velocity import Template


@dataclass(frozen=True)
class Request:
    """A method request; `raw_path` is still percent-encoded, header names are in lower case."""

    http_method: str
    raw_path: str
    query_string: str
    headers: Mapping[str, str]
    source_ip: str
    #: reads the whole body; raises GatewayError if it is too large
    read_body: Callable[[], Awaitable[bytes]]

    @property
    def media_type(self) -> str:
        """Without parameters such as charset; a body of no type counts as JSON.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html
        """
        sent = self.headers.get("content-type", "").partition(";")[0]
        return sent.strip().lower() or "application/json"


@dataclass
class Invocation:
    """A request under way; parameters by `path`, `querystring` and `header`."""

    request: Request
    context: dict[str, Any]
    parameters: dict[str, Mapping[str, str]]
    body: bytes = b""
    endpoint_headers: Mapping[str, str] = field(default_factory=dict)

    def sources(self) -> dict[str, Mapping[str, Any]]:
        """What parameter mappings read."""
        return {
            "context": self.context,
            "stageVariables": {},
            "integration.response.header": self.endpoint_headers,
            **{f"method.request.{place}": values for place, values in self.parameters.items()},
        }

    def render(self, template: Template, payload: bytes) -> bytes:
        """Raises TemplateFailedError."""
        return vtl.render(template, payload, self.parameters, self.context, {})
