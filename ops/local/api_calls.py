"""AWS API calls as HTTP messages, answered by moto without a web framework between."""

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, quote

from moto import backend_index, backends
from moto.core.exceptions import HTTPException
from moto.core.request import Request as MotoRequest

from ops.local import cloud, direct

# Where a service's endpoint is not its signing name: https://docs.aws.amazon.com/general/latest/gr/ses.html
_HOSTS = {"ses": "email"}
_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")
_Handler = Callable[[Any, str, Any], tuple[int, Mapping[str, Any], str | bytes]]


@dataclass(frozen=True)
class Request:
    """One call; header names are lower case, `path` is as it was sent, percent signs and all."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def service(self) -> str:
        """The signing name, "" for a call that is not signed."""
        return self._scope()[1]

    @cached_property
    def action(self) -> str:
        """The operation of a JSON or query protocol, else "": REST operations are known by their path."""
        target = self.headers.get("x-amz-target", "")
        if target:
            return target.rpartition(".")[2]
        if self.by_form:
            return parse_qs(self.body.decode("utf-8", "replace")).get("Action", [""])[0]
        return ""

    @property
    def by_form(self) -> bool:
        """A call of the query protocol."""
        return self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")

    @property
    def operation(self) -> str:
        """The action, or for a REST call "POST /its/path"."""
        return self.action or f"{self.method} {self.path}"

    @property
    def url(self) -> str:
        region, service = self._scope()
        host = f"{_HOSTS.get(service, service)}.{region}.amazonaws.com"
        return f"https://{host}{self.path}" + (f"?{self.query}" if self.query else "")

    def _scope(self) -> tuple[str, str]:
        """(region, service) of the signature, in a header or, presigned, in the query string."""
        credential = self.headers.get("authorization", "")
        if not credential:
            signed = parse_qs(self.query).get("X-Amz-Credential", [""])[0]
            credential = f"Credential={signed}"
        match = _SCOPE.search(credential)
        return (match[1], match[2]) if match else (cloud.REGION, "")


@dataclass(frozen=True)
class Response:
    """What is sent back; no Content-Length, Connection or Date."""

    status: int
    headers: Mapping[str, str]
    body: bytes


_UNSIGNED = Response(
    403,
    {"content-type": "application/json"},
    b'{"__type":"MissingAuthenticationToken","message":"Request is missing Authentication Token"}',
)
_UNKNOWN = Response(
    404,
    {"content-type": "application/json"},
    b'{"__type":"UnknownOperationException","message":"moto has no such service or path"}',
)
_SET_BY_SERVER = frozenset({"content-length", "connection", "date", "server", "status", "transfer-encoding"})


def answer(request: Request) -> Response:
    """Let moto answer; NotImplementedError becomes the 501 that it is."""
    if not request.service:
        return _UNSIGNED
    if request.service == "sqs" and request.by_form:
        quick = direct.send_by_form(request.path, request.body)
    else:
        quick = direct.answer(request.service, request.operation, request.body)
    return Response(*quick) if quick else _answer_of_moto(request)


def _answer_of_moto(request: Request) -> Response:
    url = request.url
    handler = _handler(url.partition("?")[0])
    if handler is None:
        return _UNKNOWN
    incoming = MotoRequest.from_primitives(request.method, url, request.headers, request.body)
    try:
        status, headers, body = handler(incoming, incoming.raw_url, incoming.headers)
    except HTTPException as error:
        status, headers, body = error.code or 400, dict(error.get_headers()), error.get_body()
    except NotImplementedError as error:
        return _not_implemented(str(error))
    return Response(status, _headers(headers, request.method), _bytes(body))


def _not_implemented(what: str) -> Response:
    message = quote(what, safe=" .,:-_'()")
    return Response(
        501,
        {"content-type": "application/json"},
        f'{{"__type":"NotImplemented","message":"{message}"}}'.encode(),
    )


def _headers(headers: Mapping[str, Any], method: str) -> dict[str, str]:
    # A HEAD response names the length of the body it leaves out.
    dropped = _SET_BY_SERVER - {"content-length"} if method == "HEAD" else _SET_BY_SERVER
    return {name.lower(): str(value) for name, value in headers.items() if name.lower() not in dropped}


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


@functools.lru_cache(maxsize=4096)
def _handler(url: str) -> _Handler | None:
    """The method of moto for a URL; of two services on one host the first with a matching path."""
    for service, pattern in backend_index.backend_url_patterns:
        if pattern.match(url):
            for path, handler in _paths(service):
                if path.match(url):
                    return handler
    return None


@functools.cache
def _paths(service: str) -> list[tuple[re.Pattern[str], _Handler]]:
    by_region = backends.get_backend(service)[cloud.ACCOUNT]
    backend = by_region[cloud.REGION if cloud.REGION in by_region else "aws"]
    return [(re.compile(path), handler) for path, handler in backend.urls.items()]
