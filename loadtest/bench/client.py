"""Clients that post one after another on a kept connection each, cheap enough not to measure themselves."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from loadtest.bench.figures import percentile

_HEAD_END = b"\r\n\r\n"
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Posts:
    """Of one round: milliseconds of each post, how many were answered 2xx, and how long all took."""

    milliseconds: list[float]
    taken: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.taken / self.seconds

    @property
    def p50(self) -> float:
        return percentile(self.milliseconds, 0.5)

    @property
    def p99(self) -> float:
        return percentile(self.milliseconds, 0.99)


def post(url: str, clients: int, number: int) -> Posts:
    """`number` posts to `url`/sendEmail by so many clients at once, who share them."""
    return asyncio.run(_post(url, clients, number))


async def _post(url: str, clients: int, number: int) -> Posts:
    numbers = iter(range(number))
    answers: list[tuple[int, float]] = []
    began = time.perf_counter()
    await asyncio.gather(*(_client(url, numbers, answers) for _ in range(clients)))
    seconds = time.perf_counter() - began
    return _posts(answers, seconds)


def arrive(url: str, per_second: float, clients: int, number: int) -> Posts:
    """`number` posts, so many a second whether or not the earlier ones were answered, over `clients` connections.

    Each is timed from when it was due: a visitor does not wait for others to be served before arriving.
    """
    return asyncio.run(_arrive(url, per_second, clients, number))


async def _arrive(url: str, per_second: float, clients: int, number: int) -> Posts:
    place = urlsplit(url)
    free: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
    connections = [await asyncio.open_connection(place.hostname, place.port) for _ in range(clients)]
    for connection in connections:
        free.put_nowait(connection)
    began = time.perf_counter()

    async def one(index: int) -> tuple[int, float]:
        due = began + index / per_second
        await asyncio.sleep(due - time.perf_counter())
        reader, writer = connection = await free.get()
        writer.write(_request(f"{place.path}/sendEmail", place.netloc, index))
        status = await _status(reader)
        free.put_nowait(connection)
        return status, (time.perf_counter() - due) * 1000

    answers = await asyncio.gather(*(one(index) for index in range(number)))
    seconds = time.perf_counter() - began
    for _reader, writer in connections:
        writer.close()
        await writer.wait_closed()
    return _posts(answers, seconds)


def _posts(answers: Sequence[tuple[int, float]], seconds: float) -> Posts:
    taken = sum(200 <= status < 300 for status, _ in answers)  # noqa: PLR2004 - HTTP's
    return Posts([milliseconds for _, milliseconds in answers], taken, seconds)


async def _client(url: str, numbers: Iterator[int], answers: list[tuple[int, float]]) -> None:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    for number in numbers:
        request = _request(f"{place.path}/sendEmail", place.netloc, number)
        began = time.perf_counter()
        writer.write(request)
        status = await _status(reader)
        answers.append((status, (time.perf_counter() - began) * 1000))
    writer.close()
    await writer.wait_closed()


def _request(path: str, host: str, number: int) -> bytes:
    body = json.dumps({"email": "ann@example.com", "subject": f"Bench {number}", "message": "m" * 200})
    head = f"POST {path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return head.encode() + _HEAD_END + body.encode()


async def _status(reader: asyncio.StreamReader) -> int:
    """Read one answer; both servers send a Content-Length."""
    lines = (await reader.readuntil(_HEAD_END)).decode("latin-1").lower().split("\r\n")
    [length] = [int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")]
    await reader.readexactly(length)
    return int(lines[0].split(" ")[1])
