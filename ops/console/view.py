"""Fragments of pages from templates in which no text can be anything but text."""

import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ops.console import texts
from ops.review import harmless
from ops.review.audit import Verb
from schemas.record import Status

_FOLDER = Path(__file__).parent / "templates"


def _harmless(value: Any) -> Any:
    """Every text of every template passes here, and is escaped after it: what cannot be seen is spelled out."""
    return harmless.block(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    made.globals.update(texts=texts, Status=Status, Verb=Verb)
    return made


_TEMPLATES = environment()


def fragment(request: Request, template: str, status_code: int = 200, **values: Any) -> Response:
    """Answer 304 when the browser shows this very fragment: its script asks every few seconds."""
    html = _TEMPLATES.get_template(template).render(**values)
    etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    if status_code == 200 and request.headers.get("if-none-match") == etag:  # noqa: PLR2004 - OK
        return Response(status_code=304, headers={"ETag": etag})
    return HTMLResponse(html, status_code, headers={"ETag": etag})


def problem(request: Request, status_code: int, text: str) -> Response:
    return fragment(request, "problem.html", status_code, text=text)
