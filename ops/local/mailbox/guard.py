"""Lets in what this page and local scripts send, keeps out what other web sites make a browser send."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would make browsers send `Origin: null` with this page's own forms:
    # https://fetch.spec.whatwg.org/#append-a-request-origin-header
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware: refuses by 403, and gives every answer its security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        reason = refusal(scope["method"], scope["path"], Headers(scope=scope))
        app = self._app if reason is None else PlainTextResponse(f"{reason}\n", status_code=403)
        await app(scope, receive, send_guarded)


def refusal(method: str, path: str, headers: Headers) -> str | None:
    """Why a request is refused; None lets it in."""
    host = headers.get("host", "")
    # A name that an attacker's DNS points at 127.0.0.1 still stands in Host.
    if not _is_loopback(host):
        return "Open the mailbox as 127.0.0.1 or localhost"
    if method in _SAFE_METHODS:
        return None
    origin = headers.get("origin")
    if origin is None:
        # Browsers send Origin with every POST; scripts do not, and the API asks them for JSON, which no
        # web site can send here without a preflight: https://fetch.spec.whatwg.org/#http-origin
        return None if path.startswith("/api/") else "Forms need the Origin header of a browser"
    return None if origin == f"http://{host}" else "Not from another site"


def _is_loopback(host: str) -> bool:
    try:
        return urlsplit(f"//{host}").hostname in _LOOPBACK
    except ValueError:
        return False
