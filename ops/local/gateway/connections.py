"""Persistent HTTP/1.1 connections to one loopback endpoint."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple, cast

import httptools

# Every connection takes a file descriptor here and at the endpoint; 1,024 of them is a common limit.
_MOST_CONNECTIONS = 64
# uvicorn closes a connection after 5 s idle; one that may be closing must not carry a request, because a
# request that fails on it may or may not have been done: https://uvicorn.dev/settings/#timeouts
_REUSABLE_FOR_SECONDS = 2.0


class EndpointAnswer(NamedTuple):
    """What the endpoint answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class _Connection(asyncio.Protocol):
    """Carries one request at a time."""

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body = bytearray()
        self._answer: asyncio.Future[EndpointAnswer] | None = None
        self.reusable = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.reusable = False
        self._fail(exc or ConnectionError("the endpoint closed the connection"))

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail(ConnectionError("the endpoint answered something that is not HTTP"))

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, data: bytes) -> None:
        self._body += data

    def on_message_complete(self) -> None:
        if self._answer is None or self._answer.done():
            return
        self.reusable = self._parser.should_keep_alive()
        answer = EndpointAnswer(self._parser.get_status_code(), self._headers, bytes(self._body))
        self._answer.set_result(answer)

    async def send(self, request: bytes) -> EndpointAnswer:
        """Raises ConnectionError, OSError."""
        self.reusable = False
        self._headers = {}
        self._body = bytearray()
        self._answer = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return await self._answer

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


class Connections:
    """A pool; `clock` gives seconds."""

    def __init__(self, host: str, port: int, clock: Callable[[], float]) -> None:
        self._host = host
        self._port = port
        self._clock = clock
        self._idle: list[tuple[float, _Connection]] = []
        self._places = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def send(self, request: bytes) -> EndpointAnswer:
        """Send a whole HTTP request once, never again. Raises OSError."""
        async with self._places:
            connection = self._take_idle() or await self._open()
            try:
                return await connection.send(request)
            finally:
                if connection.reusable:
                    self._idle.append((self._clock(), connection))
                else:
                    connection.transport.abort()

    def _take_idle(self) -> _Connection | None:
        while self._idle:
            idle_since, connection = self._idle.pop()
            if connection.reusable and self._clock() - idle_since < _REUSABLE_FOR_SECONDS:
                return connection
            connection.transport.abort()
        return None

    async def _open(self) -> _Connection:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(_Connection, self._host, self._port)
        return connection
