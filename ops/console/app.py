"""The console as an ASGI application."""

from collections.abc import Callable
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from ops.console.alerts import Alerts
from ops.console.changes import Changes
from ops.console.guard import GUARDED, Guard
from ops.console.pages import Pages
from ops.console.room import Room
from ops.console.view import problem

_STATIC = Path(__file__).parent / "static"
_SHELL = Path(__file__).parent / "templates" / "shell.html"
# The mailbox's look is this page's look: one file for both.
_LOOK = Path(__file__).parents[1] / "local" / "mailbox" / "static"


def create_app(room: Room, token: str, port: int) -> Starlette:
    """Every page is the same empty shell; its script fetches the page's content with the token."""
    pages, changes, alerts = Pages(room), Changes(room), Alerts(room)
    contents = {
        "/": pages.overview,
        "/review": pages.review,
        "/messages/{message_id}": pages.message,
        "/audit": pages.audit,
        "/suppression": pages.suppression,
        "/alerts": alerts.page,
    }
    inner = {"/messages/{message_id}/text": pages.text, "/actions/{action_id}": pages.job}
    orders = {
        "/preview": changes.preview,
        "/act": changes.act,
        "/stop": changes.stop,
        "/undo": changes.undo,
        "/unsuppress": changes.unsuppress,
        "/refire": alerts.refire,
    }
    routes = [
        *(Route(path, _shell) for path in contents),
        *(Route(f"{GUARDED}{path}", answer) for path, answer in (contents | inner).items()),
        *(Route(f"{GUARDED}{path}", answer, methods=["POST"]) for path, answer in orders.items()),
        Route("/static/base.css", _file("mailbox.css")),
        Route("/static/icon.svg", _file("icon.svg")),
        Mount("/static", StaticFiles(directory=_STATIC)),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(Guard, token=token, port=port)],
        exception_handlers={ClientError: _not_answered, BotoCoreError: _not_answered},
    )


def _shell(_request: Request) -> Response:
    return FileResponse(_SHELL, media_type="text/html")


def _file(name: str) -> Callable[[Request], Response]:
    def answer(_request: Request) -> Response:
        return FileResponse(_LOOK / name)

    return answer


def _not_answered(request: Request, error: Exception) -> Response:
    """AWS refused or was not there: its own words, for the operator."""
    return problem(request, 502, str(error))
