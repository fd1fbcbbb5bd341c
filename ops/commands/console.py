"""`contactflow console`."""

import signal
import threading
from typing import Annotated

import typer

from ops.commands import session
from ops.commands.session import AsJson, Aws, Stack, fail, say, say_json
from ops.local.ports import PortTakenError, listen


def console(
    stack: Stack = "contactflow",
    port: Annotated[int, typer.Option(help="Of 127.0.0.1; 0: any free one.")] = 8410,
    *,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Open the operator's page for your browser: overview, review, audit, suppression. Ctrl-C ends it.

    It does what the commands do, by your credentials, and listens on this machine only. The address holds a token of
    this start; who has it can do what you can.

    Example: contactflow console --aws --stack contactflow-prod
    """
    # Imported here: no other command needs a web server.
    from ops.console.serve import Serving  # noqa: PLC0415 - see above

    ended = threading.Event()
    with session.workbench(stack, aws=aws) as bench:
        try:
            bound = listen(port)
        except PortTakenError as taken:
            raise fail(f"port {taken.port} is taken: choose another with --port, or 0 for any") from None
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        with bound:
            serving = Serving(bound, lambda: bench)
            if as_json:
                say_json({"console": serving.url})
            else:
                say(f"{serving.url}\nOpen the whole address: it holds this console's token. Ctrl-C ends it.")
            ended.wait()
            serving.stop()
