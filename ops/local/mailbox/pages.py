"""The mailbox for people, in HTML; every form works without the page's script too."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from ops.local.mailbox import orders, texts
from ops.local.mailbox.body import BodyError, form
from ops.local.mailbox.orders import OrderError
from ops.local.ses import events
from ops.local.ses.behaviour import Behaviour, UnknownMailError
from ops.local.ses.store import Event, Mail, MailStore

PAGE_SIZE = 25
# The mail's own look is let through, and nothing else: no script, no request, no navigation of the page.
_MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


class Pages:
    """Each public method answers one route of `app`."""

    def __init__(
        self,
        store: MailStore,
        behaviour: Behaviour,
        status_of: Callable[[str], str | None],
        links: Mapping[str, str],
    ) -> None:
        self._store = store
        self._behaviour = behaviour
        self._status_of = status_of
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            links=links, outcomes=orders.OUTCOMES, faults=orders.FAULTS, texts=texts
        )

    def inbox(self, request: Request) -> Response:
        newest = self._store.mails()[::-1]
        asked = request.query_params.get("page", "1")
        page = int(asked) if asked.isdecimal() and len(asked) < 7 else 1  # noqa: PLR2004 - digits
        shown = newest[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        return self._page(
            request,
            "inbox.html",
            rows=[(mail, self._status(mail)) for mail in shown],
            total=len(newest),
            page=page,
            last_page=max(1, -(-len(newest) // PAGE_SIZE)),
        )

    def mail(self, request: Request) -> Response:
        mail = self._store.get(request.path_params["mail_id"])
        if mail is None:
            return self._missing(request)
        told = self._store.events(mail.id)
        parts = [part for part in ("html", "text") if getattr(mail, part) is not None]
        asked = request.query_params.get("part", parts[0])
        return self._page(
            request,
            "mail.html",
            mail=mail,
            status=self._status(mail),
            events=[(event, self._pretty(mail, event)) for event in told],
            headers=events.headers(mail),
            parts=[*parts, "headers", "events"],
            part=asked if asked in {*parts, "headers", "events"} else parts[0],
        )

    def html_part(self, request: Request) -> Response:
        mail = self._store.get(request.path_params["mail_id"])
        if mail is None or mail.html is None:
            return self._missing(request)
        return HTMLResponse(mail.html, headers={"Content-Security-Policy": _MAIL_POLICY})

    async def settle(self, request: Request) -> Response:
        mail_id = request.path_params["mail_id"]
        try:
            orders.settle(self._behaviour, mail_id, await form(request))
        except (BodyError, OrderError) as problem:
            return PlainTextResponse(f"{problem}\n", 400)
        except UnknownMailError:
            return self._missing(request)
        return RedirectResponse(f"/messages/{mail_id}", 303)

    async def script(self, request: Request) -> Response:
        try:
            orders.script(self._behaviour, await form(request))
        except (BodyError, OrderError) as problem:
            return PlainTextResponse(f"{problem}\n", 400)
        return RedirectResponse("/", 303)

    def clear(self, _request: Request) -> Response:
        orders.clear(self._behaviour)
        return RedirectResponse("/", 303)

    async def unsuppress(self, request: Request) -> Response:
        try:
            fields = await form(request)
        except BodyError as problem:
            return PlainTextResponse(f"{problem}\n", problem.status)
        self._behaviour.suppression.remove(fields.get("address", ""))
        return RedirectResponse("/", 303)

    def _status(self, mail: Mail) -> str | None:
        message_id = mail.tags.get("messageId")
        return self._status_of(message_id) if message_id else None

    def _pretty(self, mail: Mail, event: Event) -> str:
        return json.dumps(self._behaviour.document(mail, event), indent=2, ensure_ascii=False)

    def _missing(self, request: Request) -> Response:
        return self._page(request, "missing.html", status_code=404)

    def _page(self, request: Request, template: str, status_code: int = 200, **values: Any) -> Response:
        """Answer 304 when the browser shows this very page: its script asks every other second."""
        html = self._templates.get_template(template).render(
            pending=self._behaviour.script.pending(),
            fault=self._behaviour.faults.current(),
            suppressed=self._behaviour.suppression.entries(),
            **values,
        )
        etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"ETag": etag})
        return HTMLResponse(html, status_code, headers={"ETag": etag})
