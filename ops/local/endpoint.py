"""The AWS endpoint: an ASGI app that answers boto3 and the aws CLI from the embedded cloud."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ops.local import direct
from ops.local.api_calls import Request, Response, answer
from ops.local.threads import ThreadPool

# Short and frequent: a thread each would cost more than the call. Everything else may wait.
_INLINE = frozenset(
    {
        *(
            "SendMessage",
            "SendMessageBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "ChangeMessageVisibility",
        ),
        *("GetQueueAttributes", "GetQueueUrl", "Publish", "StartExecution", "DescribeExecution"),
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem"),
    }
)

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """What happens to a call instead of its answer.

    `takes_effect` first lets moto carry the call out; then come `delay` seconds; then `response`, or, if
    that is None, the reset of the connection.
    """

    takes_effect: bool
    delay: float
    response: Response | None


@dataclass(frozen=True)
class Late:
    """The call waits `delay` seconds and is then carried out and answered."""

    delay: float


Before = Callable[[Request], Fault | Late | None]


class Endpoint:
    """The app; `before` hooks are asked in turn, and the first that has a word counts."""

    def __init__(self) -> None:
        self.before: list[Before] = []
        self._threads = ThreadPool("aws")

    async def __call__(self, scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(
            method=scope["method"],
            path=scope["raw_path"].decode("latin-1"),
            query=scope["query_string"].decode("latin-1"),
            headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
            body=await _body(receive),
        )
        fault = next((fault for hook in self.before if (fault := hook(request))), None)
        if isinstance(fault, Fault):
            await self._fail(send, fault, request)
            return
        if fault:
            await asyncio.sleep(fault.delay)
        await _respond(send, await self._answer(request), request.method)

    async def _answer(self, request: Request) -> Response:
        if request.action in _INLINE or direct.knows(request.service, request.operation):
            return answer(request)
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Response] = loop.create_future()
        self._threads.run(lambda: _settle(loop, answered, request))
        return await answered

    async def _fail(self, send: _Send, fault: Fault, request: Request) -> None:
        if fault.takes_effect:
            await self._answer(request)
        await asyncio.sleep(fault.delay)
        if fault.response is not None:
            await _respond(send, fault.response, request.method)
        else:
            await _cut(send)


def _settle(loop: asyncio.AbstractEventLoop, answered: asyncio.Future[Response], request: Request) -> None:
    settle: Callable[[], None]
    try:
        settle = partial(answered.set_result, answer(request))
    except Exception as error:  # noqa: BLE001 - the thread's boundary: the loop raises it where it is awaited
        settle = partial(answered.set_exception, error)
    # Nobody waits any more once the client has gone or the loop has ended.
    if not loop.is_closed():
        loop.call_soon_threadsafe(lambda: None if answered.done() else settle())


async def _cut(send: _Send) -> None:
    """ASGI has no word for it; uvicorn's `send` is a method of the object that holds the transport."""
    cycle: Any = getattr(send, "__self__")  # noqa: B009 - mypy knows no __self__ of a Callable
    cycle.transport.abort()
    # The loop tells the server of the loss before the app returns, or it would answer 500 into the void.
    await asyncio.sleep(0.01)


async def _body(receive: _Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


async def _respond(send: _Send, response: Response, method: str) -> None:
    headers = [(name.encode(), value.encode()) for name, value in response.headers.items()]
    if method != "HEAD":
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})
