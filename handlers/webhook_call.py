"""The one module that posts to an address outside AWS: one try, no redirect, no proxy."""

import ssl
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from handlers.core.webhook import Answer

#: Seconds for each step of a call; Standard Webhooks says 15 to 30. template.yaml ends the function after 50.
_PATIENCE = 15


@cache
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def post(url: str, headers: dict[str, str], content: bytes) -> Answer:
    """Never raises for what the network or the receiver does. The problem never names the address: it is secret."""
    parts = urlsplit(url)
    connection = (
        HTTPSConnection(parts.netloc, timeout=_PATIENCE, context=_trusted())
        if parts.scheme == "https"
        else HTTPConnection(parts.netloc, timeout=_PATIENCE)
    )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, content, headers)
        response = connection.getresponse()
    except (OSError, HTTPException) as error:
        return Answer(type(error).__name__, 0)
    finally:
        connection.close()
    if 200 <= response.status < 300:  # noqa: PLR2004 - RFC 9110: successful
        return Answer("", 0)
    asked = response.headers.get("Retry-After", "")
    return Answer(f"HTTP {response.status}", int(asked) if asked.isdecimal() and len(asked) < 7 else 0)  # noqa: PLR2004 - days
