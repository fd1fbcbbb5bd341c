"""The ASGI edge: one uvicorn serves both ports, the API's and the site's."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ops.local.gateway.api import Api
from ops.local.gateway.gateway_response import Answer, GatewayError
from ops.local.gateway.invocation import Request
from ops.local.gateway.site import Site

_Scope = MutableMapping[str, Any]
_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]

# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_LARGEST_BODY = 10 * 1024 * 1024


class _DisconnectedError(Exception):
    """The client went away before its body was read."""


class Application:
    """Tells the two sites of one server apart by the port that a connection came in on."""

    def __init__(self, api: Api, site: Site, site_port: int) -> None:
        self._api = api
        self._site = site
        self._site_port = site_port

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        headers = _headers(scope)
        try:
            if scope["server"][1] == self._site_port:
                answer = self._site_answer(scope, headers)
            else:
                answer = await self._api.answer(_request(scope, headers, receive))
        except _DisconnectedError:
            return
        await _send_answer(send, answer, scope["method"])

    def _site_answer(self, scope: _Scope, headers: dict[str, str]) -> Answer:
        target = scope["raw_path"].decode("latin-1")
        if scope["query_string"]:
            target += "?" + scope["query_string"].decode("latin-1")
        return self._site.answer(scope["method"], headers.get("host", ""), scope["path"], target)


def _request(scope: _Scope, headers: dict[str, str], receive: _Receive) -> Request:
    return Request(
        http_method=scope["method"],
        raw_path=scope["raw_path"].decode("latin-1"),
        query_string=scope["query_string"].decode("latin-1"),
        headers=headers,
        source_ip=scope["client"][0],
        read_body=lambda: _read_body(headers, receive),
    )


def _headers(scope: _Scope) -> dict[str, str]:
    """Names in lower case; a repeated header is one list: https://www.rfc-editor.org/rfc/rfc9110#section-5.3."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1"), value.decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers


async def _read_body(headers: dict[str, str], receive: _Receive) -> bytes:
    """Raises GatewayError beyond the limit, where uvicorn drops what still comes, so nothing piles up."""
    declared = headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > _LARGEST_BODY:
        raise GatewayError("REQUEST_TOO_LARGE")
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _DisconnectedError
        body += message["body"]
        if len(body) > _LARGEST_BODY:
            raise GatewayError("REQUEST_TOO_LARGE")
        if not message["more_body"]:
            return bytes(body)


async def _send_answer(send: _Send, answer: Answer, http_method: str) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers.items()]
    headers.append((b"content-length", str(len(answer.body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = b"" if http_method == "HEAD" else answer.body
    await send({"type": "http.response.body", "body": body})
