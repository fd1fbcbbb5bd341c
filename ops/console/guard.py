"""Lets in this console's own pages and nobody else: by Host, by token, and by where a change comes from."""

import hmac

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: A header of our own: no other site can send it here without a preflight, which nothing here answers.
#: https://fetch.spec.whatwg.org/#cors-preflight-fetch
TOKEN_HEADER = "X-ContactFlow-Token"  # noqa: S105 - the header's name
#: What needs the token: everything with data in it. The rest is an empty page, its script and its style.
GUARDED = "/fragment"
_READS = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types console"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware: refuses by 401 or 403, and gives every answer its security headers."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refusal(scope["method"], scope["path"], Headers(scope=scope))
        app = PlainTextResponse(f"{refused[1]}\n", refused[0]) if refused else self._app
        await app(scope, receive, send_guarded)

    def _refusal(self, method: str, path: str, headers: Headers) -> tuple[int, str] | None:
        """Status and reason; None lets the request in."""
        host = headers.get("host", "").lower()
        # A name that an attacker's DNS points at 127.0.0.1 still stands in Host.
        if host not in self._hosts:
            return 403, "Open the console as 127.0.0.1 or localhost"
        if not path.startswith(GUARDED):
            return None if method in _READS else (403, "Nothing here can be changed")
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return 403, "Not from another site"
        if not hmac.compare_digest(headers.get(TOKEN_HEADER, "").encode(), self._token.encode()):
            return 401, "The token is missing or wrong: open the address that the console printed"
        if method not in _READS and headers.get("origin") != f"http://{host}":
            return 403, "Changes come from the console's own page"
        return None
