"""Urlencoded forms, as the console's own script sends them."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from starlette.requests import Request

#: 2,000 checked messages are 150 kB.
LIMIT = 1_000_000
_FIELDS = 10_000


class BodyError(ValueError):
    """The form is too large."""


async def form(request: Request) -> Mapping[str, list[str]]:
    """Raise BodyError."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LIMIT:
            raise BodyError(f"more than {LIMIT} bytes")
    try:
        return parse_qs(body.decode("utf-8", "replace"), max_num_fields=_FIELDS)
    except ValueError:
        raise BodyError(f"more than {_FIELDS} fields") from None


def first(fields: Mapping[str, list[str]], name: str) -> str:
    return fields.get(name, [""])[0].strip()
