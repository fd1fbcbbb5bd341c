"""`contactflow up`: puts the local runtime together in the order in which a message travels, and apart again."""

import gc
import json
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from functools import partial
from http import HTTPStatus
from pathlib import Path

from ops import forms
from ops.console.serve import Serving
from ops.deployment import Deployment
from ops.local import cloud, faults, stack
from ops.local.announcement import Urls, announce, welcome
from ops.local.call_log import CallLog
from ops.local.dynamodb.calls import get_item
from ops.local.endpoint import Endpoint
from ops.local.front_door import FrontDoor
from ops.local.functions import service as functions
from ops.local.gateway.process import GatewayFailedError, GatewayProcess
from ops.local.mailbox import create_app
from ops.local.patches import invoke
from ops.local.ports import listen, of_stack, origin
from ops.local.schedule import Schedule, scheduled
from ops.local.server import Server
from ops.local.ses import service as ses
from ops.local.ses.scheduler import Scheduler
from ops.local.ses.store import MailStore
from ops.review import workbench
from schemas.forms import Forms
from schemas.record import record_key

ROOT = Path(__file__).parents[2]
#: The parameters of a local stack. The addresses end in .example, which nobody can own (RFC 2606).
PARAMETERS = {
    "SenderAddress": "noreply@contactflow.example",
    "OwnerAddress": "owner@contactflow.example",
    "AlertAddress": "operator@contactflow.example",
    # The laptop's own speed is the limit here, so that a burst shows it; lower them to see throttling.
    "ThrottleRate": "10000",
    "ThrottleBurst": "5000",
    "SesSendRate": "10000",
    # A script, or a person who tries it out with pasted text, fills the form faster than a visitor.
    "MinimumFillMilliseconds": "0",
    # A burst of a load test comes from one address; all of it should be delivered.
    "AddressDailyCap": "0",
    "RecipientDailyCap": "0",
}
#: Of a laptop's webhook; everybody may know it.
WEBHOOK_SECRET = "whsec_Y29udGFjdGZsb3ctb24tdGhpcy1tYWNoaW5l"  # noqa: S105 - see above
#: Environments per function. Two cores are what a small laptop has: more would only wait for each other.
CONCURRENCY = 2
#: Seconds between a mail and its first event: long enough to see "sent" before "delivered".
EVENT_DELAY = 0.5


class UpFailedError(Exception):
    """The local stack cannot start. The text says what to do."""


@dataclass(frozen=True)
class Options:
    """What a person may choose. `port` 0: any free ones; `forms` (): one, of the stack's owner."""

    port: int
    parameters: Mapping[str, str]
    forms: Forms
    with_faults: bool
    warm: bool


def webhook_parameters(url: str) -> dict[str, str]:
    """What switches the webhook on; {} for no address."""
    return {"WebhookUrl": url, "WebhookSecret": WEBHOOK_SECRET} if url else {}


def run(options: Options, *, as_json: bool) -> None:
    """Start everything, say where it is, and stop it at SIGINT or SIGTERM. Raises UpFailedError, PortTakenError."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        with tempfile.TemporaryDirectory(prefix="contactflow-") as logs, ExitStack() as parts:
            urls = _start(options, Path(logs), parts)
            parts.callback(announce(urls))
            gc.enable()
            if as_json:
                sys.stdout.write(json.dumps(asdict(urls)) + "\n")
                sys.stdout.flush()
            else:
                welcome(urls, logs, options.parameters)
            ended.wait()
    except (GatewayFailedError, ValueError) as problem:
        raise UpFailedError(str(problem)) from problem


def _start(options: Options, logs: Path, parts: ExitStack) -> Urls:
    """Ports first: one that was taken meanwhile is told before the set-up."""
    ports = of_stack(options.port)
    gateway = GatewayProcess(ports[0], ports[1], ROOT / "site")
    parts.callback(gateway.stop)
    mailbox_socket, aws_socket, console_socket = (parts.enter_context(listen(number)) for number in ports[2:])
    urls = Urls(f"{gateway.api}/prod", gateway.site, origin(mailbox_socket), origin(aws_socket), "")

    parts.callback(cloud.start().stop)
    store, scheduler, endpoint = MailStore(), Scheduler(), Endpoint()
    door = FrontDoor(time.monotonic, time.sleep)
    parts.callback(scheduler.stop)
    behaviour = ses.create(store, scheduler, pace=EVENT_DELAY, send_rate=None)
    ses.install(behaviour, store)
    endpoint.before += [door.watch, ses.losing_answers(behaviour)]
    parts.callback(Server(endpoint, aws_socket).stop)

    chosen = forms.at(options.forms, gateway.site)
    ours = forms.parameters(chosen) if chosen else {"AllowedOrigin": gateway.site}
    made = stack.create(PARAMETERS | ours | dict(options.parameters))
    runtime = functions.from_stack(
        code=ROOT, endpoint=urls.aws, logs=logs, concurrency=CONCURRENCY, give_way=door.give_way
    )
    invoke.register(runtime.invoke)
    endpoint.before.append(CallLog(runtime.functions.values(), made.physical_ids).watch)
    if options.with_faults:
        queues = [made.outputs["IntakeQueueUrl"], made.outputs["EventsQueueUrl"]]
        faults.install(endpoint, runtime.functions.values(), queues)
    runtime.start()
    parts.callback(runtime.stop)

    for target, every in scheduled():
        parts.callback(Schedule(every, partial(runtime.invoke, target, None, b"{}", {}, {})).stop)

    links = {"Contact form": urls.site, "API": urls.api}
    page = create_app(store, behaviour, partial(_status_of, made.outputs["MessagesTableName"]), links)
    parts.callback(Server(page, mailbox_socket).stop)
    deployment = Deployment(made.outputs, urls.aws, urls.mailbox)
    console = Serving(console_socket, partial(workbench.over, deployment, stack.NAME))
    parts.callback(console.stop)
    gateway.serve(
        {
            "definition": made.api_definition,
            "stage": made.stage,
            "throttle": asdict(made.throttle),
            "awsEndpoint": urls.aws,
        }
    )
    if options.warm:
        runtime.warm()
    return replace(urls, console=console.url)


def _status_of(table: str, message_id: str) -> str | None:
    """The message's status in the table; None: not there (yet)."""
    status, answer = get_item({"TableName": table, "Key": record_key(message_id)})
    return answer["Item"]["status"]["S"] if status == HTTPStatus.OK and "Item" in answer else None
