"""Where the local stack is: told to a person, and to the other commands."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from rich.console import Console

from ops.deployment import RUNNING
from ops.local import cloud


@dataclass(frozen=True)
class Urls:
    """Where everything is: `api + "/sendEmail"` takes the post."""

    api: str
    site: str
    mailbox: str
    aws: str
    #: with its token behind the #
    console: str


def announce(urls: Urls) -> Callable[[], None]:
    """Leave word for the other commands where this stack is; return what takes it back."""
    RUNNING.parent.mkdir(exist_ok=True)
    # Anybody who has an account on this machine may read the file, and so it does not hold the console's token.
    mine = json.dumps({**asdict(replace(urls, console="")), "pid": os.getpid()})
    RUNNING.write_text(mine)

    def take_back() -> None:
        # A second stack may have announced itself meanwhile.
        if RUNNING.exists() and RUNNING.read_text() == mine:
            RUNNING.unlink()

    return take_back


def welcome(urls: Urls, logs: str, parameters: Mapping[str, str]) -> None:
    """Tell a person where everything is."""
    console = Console(highlight=False)
    leaves = "Nothing but alerts, to your webhook," if "WebhookUrl" in parameters else "Nothing"
    console.print(
        f"[bold]ContactFlow is running on this machine.[/bold] {leaves} leaves it; Ctrl-C ends it.\n"
    )
    for label, url, what in (
        ("Form", urls.site, "write a message as a visitor"),
        ("Mailbox", urls.mailbox, "read it as the owner; make SES bounce, delay, fail"),
        ("Console", urls.console, "see what became of all messages, and work on those that need a person"),
        ("API", f"{urls.api}/sendEmail", "POST email, subject, message as JSON"),
        ("AWS", urls.aws, "for the aws CLI: see below"),
    ):
        console.print(f"  [bold]{label:8}[/bold] [cyan]{url}[/cyan]\n           {what}")
    console.print(
        f"\n  AWS_ACCESS_KEY_ID=testing AWS_SECRET_ACCESS_KEY=testing AWS_REGION={cloud.REGION} \\\n"
        f"  aws --endpoint-url {urls.aws} sqs list-queues\n\n"
        + (f"  Alerts are signed with {parameters['WebhookSecret']}\n" if "WebhookUrl" in parameters else "")
        + f"  Logs of the functions: {logs}\n"
        "  State lives in memory and ends with this process."
    )
