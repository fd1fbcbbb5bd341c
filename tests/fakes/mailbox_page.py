"""The mailbox page over real HTTP, on a local SES whose world is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from ops.local.mailbox import create_app
from ops.local.ports import listen, origin
from ops.local.server import Server
from ops.local.ses.behaviour import Behaviour
from ops.local.ses.store import MailStore
from tests.fakes.ses_world import World

LINKS = {"Contact form": "http://127.0.0.1:1/form", "API": "http://127.0.0.1:1/prod"}


@dataclass
class Mailbox:
    """`statuses` is the table: message id → status."""

    url: str
    world: World
    store: MailStore
    ses: Behaviour
    statuses: dict[str, str] = field(default_factory=dict)


class Door:
    """One server for many tests, each with a mailbox of its own: a server takes longer to end than a test."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app is not None
        await self._app(scope, receive, send)

    def new_mailbox(self) -> Mailbox:
        """An empty mailbox in place of the one before."""
        world, store, statuses = World(), MailStore(), dict[str, str]()
        ses = world.behaviour(store)
        self._app = create_app(store, ses, statuses.get, LINKS)
        return Mailbox(self._url, world, store, ses, statuses)


@contextmanager
def door() -> Iterator[Door]:
    bound = listen(0)
    opened = Door(origin(bound))
    server = Server(opened, bound)
    try:
        yield opened
    finally:
        server.stop()
        bound.close()
