"""The AWS integration: SQS by its query protocol, DynamoDB by an action.

https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-request-basic-setup.html
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, fromstring

from ops.local.gateway import json_body
from ops.local.gateway.connections import Connections, EndpointAnswer
from ops.local.gateway.gateway_response import GatewayError
from ops.local.gateway.mapping import UnsupportedDefinitionError

_URI = re.compile(r"arn:aws[\w-]*:apigateway:([\w-]+):(?:(sqs):path(/\d+/[\w.-]+)|(dynamodb):action/(\w+))")
_DYNAMODB_VERSION = "DynamoDB_20120810"
# A line break would begin a header of its own.
_UNSAFE_HEADER = re.compile(r"[^\t\x20-\x7e\x80-\xff]")


class Target(NamedTuple):
    """Where an integration's request goes, and headers in lower case.

    The endpoint tells services apart by the Authorization header.
    """

    path: str
    headers: dict[str, str]


def compile_target(uri: str) -> Target:
    """Raises UnsupportedDefinitionError for any service but SQS by path and DynamoDB by action."""
    match = _URI.fullmatch(uri)
    if match is None:
        raise UnsupportedDefinitionError(f"the integration {uri}")
    region, sqs, queue_path, dynamodb, action = match.groups()
    # An emulator reads the credential's scope and checks no signature.
    scope = f"testing/20260101/{region}/{sqs or dynamodb}/aws4_request"
    signed = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"
    if sqs:
        return Target(queue_path, {"authorization": signed, "accept": "application/json"})
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"{_DYNAMODB_VERSION}.{action}"}
    return Target("/", {"authorization": signed, **headers})


class AwsEndpoint:
    """Sends integration requests to `http://host:port`."""

    def __init__(self, host: str, port: int, connections: Connections) -> None:
        self._host = f"{host}:{port}"
        self._connections = connections

    async def send(
        self, method: str, target: Target, headers: Mapping[str, Any], query: Mapping[str, Any], body: bytes
    ) -> EndpointAnswer:
        """Send once; API Gateway does not retry. Raises OSError, GatewayError for an unsafe header."""
        path = f"{target.path}?{urlencode(query)}" if query else target.path
        lines = {"content-type": "application/json", **target.headers}
        lines |= {name.lower(): checked(value) for name, value in headers.items()}
        lines |= {"host": self._host, "content-length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        request = f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body
        answer = await self._connections.send(request)
        if answer.body.startswith(b"<"):
            return answer._replace(body=_json_of_xml(answer.body))
        return answer


def checked(value: Any) -> str:
    """A header's value. Raises GatewayError if it would break out of its line."""
    if _UNSAFE_HEADER.search(text := str(value)):
        raise GatewayError("API_CONFIGURATION_ERROR")
    return text


def _json_of_xml(body: bytes) -> bytes:
    """The JSON that SQS gives to a caller that accepts it, API Gateway for one, from its XML.

    `SendMessageResponse` keeps its name; an error comes as `{"Error": …}`.
    """
    root = fromstring(body)  # noqa: S314 - the endpoint is this project's own process
    content = _content(root)
    document = content if _name(root) == "ErrorResponse" else {_name(root): content}
    return json_body.serialise(document).encode()


def _content(element: Element) -> Any:
    return {_name(child): _content(child) for child in element} or element.text or ""


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
