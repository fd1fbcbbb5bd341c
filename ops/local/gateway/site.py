"""The static site, with the headers that CloudFront gives it in AWS."""

from pathlib import Path
from typing import Any

from ops.local.gateway import json_body
from ops.local.gateway.gateway_response import Answer

_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_NOT_FOUND = b"<!doctype html><html lang=en><title>Not found</title><p>There is no such page.</p></html>"
_NO_FEATURE = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def security_headers(api_origin: str) -> dict[str, str]:
    """The headers of every answer of the site; its scripts may talk to the API and to nothing else."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self' {api_origin}; worker-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    return {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": _NO_FEATURE,
        "cache-control": "no-store",
    }


class Site:
    """Serves a directory; `origin` and `api_origin` as `http://127.0.0.1:<port>`, `api_url` with the stage."""

    def __init__(self, directory: Path, origin: str, api_origin: str, api_url: str) -> None:
        self._directory = directory.resolve(strict=True)
        self._origin = origin
        self._headers = security_headers(api_origin)
        self._configuration = json_body.serialise({"apiUrl": api_url}).encode()

    def answer(self, method: str, host: str, path: str, target: str) -> Answer:
        """`path` is decoded; `target` is the path and query as sent."""
        if host != self._origin.removeprefix("http://"):
            return self._foreign_host(host, target)
        if method not in {"GET", "HEAD"}:
            return self._answer(405, b"", "text/plain; charset=utf-8", allow="GET, HEAD")
        if path == "/config.json":
            return self._answer(200, self._configuration, _MEDIA_TYPES[".json"])
        file = self._file(path)
        if file is not None:
            media_type = _MEDIA_TYPES.get(file.suffix, "application/octet-stream")
            return self._answer(200, file.read_bytes(), media_type)
        page = self._file("/404.html")
        return self._answer(404, page.read_bytes() if page else _NOT_FOUND, _MEDIA_TYPES[".html"])

    def _foreign_host(self, host: str, target: str) -> Answer:
        # The API allows one origin, and http://localhost is another one than http://127.0.0.1.
        if host == self._origin.removeprefix("http://").replace("127.0.0.1", "localhost"):
            return self._answer(307, b"", "text/plain; charset=utf-8", location=self._origin + target)
        # A name that a stranger's DNS points here: https://en.wikipedia.org/wiki/DNS_rebinding
        return self._answer(421, b"", "text/plain; charset=utf-8")

    def _answer(self, status: int, body: bytes, media_type: str, **headers: Any) -> Answer:
        return Answer(status, {"content-type": media_type, **self._headers, **headers}, body)

    def _file(self, path: str) -> Path | None:
        """The file for a path, never one that is hidden or lies outside, whatever links and dots say."""
        if "\0" in path or "\\" in path:
            return None
        file = self._directory.joinpath(*path.split("/"))
        if path.endswith("/"):
            file /= "index.html"
        try:
            file = file.resolve()
            if not file.is_relative_to(self._directory) or not file.is_file():
                return None
        except OSError:  # the name is longer than a file's can be
            return None
        hidden = any(part.startswith(".") for part in file.relative_to(self._directory).parts)
        return None if hidden else file
