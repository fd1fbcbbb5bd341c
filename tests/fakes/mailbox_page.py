"""The mailbox page over real HTTP, on a local SES whose world is recorded."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ops.local.mailbox import create_app
from ops.local.server import Server, listen, origin
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


@contextmanager
def served() -> Iterator[Mailbox]:
    world, store, statuses = World(), MailStore(), dict[str, str]()
    ses = world.behaviour(store)
    bound = listen(0)
    server = Server(create_app(store, ses, statuses.get, LINKS), bound)
    try:
        yield Mailbox(origin(bound), world, store, ses, statuses)
    finally:
        server.stop()
        bound.close()
