"""Clients that post one after another on a kept connection each, cheap enough not to measure themselves."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from loadtest.bench.figures import percentile

_HEAD_END = b"\r\n\r\n"


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
