"""Request bodies of the mailbox: small, and either a form or JSON."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

LIMIT = 10_000


class BodyError(ValueError):
    """The body cannot be taken; `status` says as what."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a urlencoded form; what was left empty is left out."""
    body = await _read(request)
    return dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=20))


async def document(request: Request) -> Any:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise BodyError(415, "send application/json")
    body = await _read(request)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BodyError(400, "not JSON") from None


async def _read(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            raise BodyError(413, f"more than {LIMIT} bytes")
    return body
