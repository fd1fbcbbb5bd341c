"""The mailbox as an ASGI application."""

from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ops.local.mailbox.api import Api
from ops.local.mailbox.guard import Guard
from ops.local.mailbox.pages import Pages
from ops.local.ses.behaviour import Behaviour
from ops.local.ses.store import MailStore

_STATIC = Path(__file__).parent / "static"


def create_app(
    store: MailStore,
    behaviour: Behaviour,
    status_of: Callable[[str], str | None],
    links: Mapping[str, str],
) -> Starlette:
    """`status_of` gives the status of a message id, None if there is none; `links` are label → URL.

    The first link is what the empty mailbox tells people to open.
    """
    pages = Pages(store, behaviour, status_of, links)
    api = Api(store, behaviour)
    routes = [
        Route("/", pages.inbox),
        Route("/messages/{mail_id}", pages.mail),
        Route("/messages/{mail_id}/html", pages.html_part),
        Route("/messages/{mail_id}/outcome", pages.settle, methods=["POST"]),
        Route("/next", pages.script, methods=["POST"]),
        Route("/next/clear", pages.clear, methods=["POST"]),
        Route("/suppressed/remove", pages.unsuppress, methods=["POST"]),
        Route("/api/messages", api.messages),
        Route("/api/messages/{mail_id}", api.forget, methods=["DELETE"]),
        Route("/api/messages/{mail_id}/outcome", api.settle, methods=["POST"]),
        Route("/api/next", api.scripted, methods=["GET"]),
        Route("/api/next", api.script, methods=["POST"]),
        Route("/api/next", api.clear, methods=["DELETE"]),
        Route("/api/suppressed", api.suppressed),
        Route("/api/suppressed/{address}", api.unsuppress, methods=["DELETE"]),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard)])
