"""`contactflow dlq retry|deliver|resolve|discard|undo`: what a person can do with a message in review."""

from typing import Annotated

import typer

from handlers.core.address import UnusableAddressError, to_ascii
from ops.commands import session
from ops.commands.acting import Order, carry_out
from ops.commands.dlq import Where
from ops.commands.session import AsJson, Aws, Stack, Yes, fail
from ops.review.audit import Verb
from schemas.record import Status

Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Message ids.", show_default=False)]
Why = Annotated[
    str, typer.Option("--why", help="For the audit. Without the visitor's personal data, please.")
]
Rate = Annotated[float, typer.Option(min=0.01, max=1000, help="Messages a second.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would be done.")]
EvenIfSent = Annotated[bool, typer.Option("--even-if-sent", help="Also what SES may have sent already.")]
EvenIfOld = Annotated[bool, typer.Option("--even-if-old", help="Also what has waited for more than 7 days.")]


def retry(  # noqa: PLR0913 - a person's options
    ids: Ids = None,
    stack: Stack = "contactflow",
    where: Where = None,
    why: Why = "",
    subject: Annotated[str, typer.Option(help="Send this one message under another subject.")] = "",
    to: Annotated[
        str, typer.Option(help="Send to this one of the form's addresses: its owner's or its fallback.")
    ] = "",
    rate: Rate = 10.0,
    *,
    state: Annotated[
        Status, typer.Option(help="Those of another status than review, such as bounced; needs --to.")
    ] = Status.REVIEW,
    even_if_sent: EvenIfSent = False,
    even_if_old: EvenIfOld = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Send messages again. Ctrl-C stops after the current one; the same command goes on.

    With --to also what bounced, was suppressed, rejected or complained about. An address for which SES may have had
    a mail of the message already asks for --even-if-sent.

    Example: contactflow dlq retry --state bounced --to boss@example.com --rate 5 --dry-run
    """
    order = Order(
        Verb.RETRY,
        ids or [],
        where or [],
        why,
        subject,
        rate,
        even_if_sent,
        even_if_old,
        dry_run,
        yes,
        as_json,
        _ascii(to),
        state,
    )
    if subject and len(order.ids) != 1:
        raise typer.BadParameter("needs exactly one ID", param_hint="--subject")
    with session.workbench(stack, aws=aws) as bench:
        configured = bench.recipients
        if order.to and order.to not in configured:
            raise fail(
                f"mail goes to the stack's own addresses only: {', '.join(configured)}. IAM pins ses:Recipients to "
                "them, so that nobody can turn this into an open relay; for another one, deploy with it and retry.",
                2,
            )
        carry_out(bench, order)


def deliver(  # noqa: PLR0913 - a person's options
    ids: Ids = None,
    stack: Stack = "contactflow",
    where: Where = None,
    why: Why = "",
    rate: Rate = 10.0,
    *,
    even_if_sent: EvenIfSent = False,
    even_if_old: EvenIfOld = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Not spam: deliver what was held on suspicion.

    Example: contactflow dlq deliver 0b5f2c1e-6f0a-4e4b-9a53-0a7f4f0f5f11 --why "known customer"
    """
    order = Order(
        Verb.DELIVER, ids or [], where or [], why, "", rate, even_if_sent, even_if_old, dry_run, yes, as_json
    )
    with session.workbench(stack, aws=aws) as bench:
        carry_out(bench, order)


def resolve(  # noqa: PLR0913 - a person's options
    ids: Ids = None,
    stack: Stack = "contactflow",
    where: Where = None,
    why: Why = "",
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Close messages that were dealt with elsewhere: status discarded, reason resolved. `undo` takes it back.

    Example: contactflow dlq resolve 0b5f2c1e-6f0a-4e4b-9a53-0a7f4f0f5f11 --why "answered by phone"
    """
    order = Order(Verb.RESOLVE, ids or [], where or [], why, dry_run=dry_run, yes=yes, as_json=as_json)
    with session.workbench(stack, aws=aws) as bench:
        carry_out(bench, order)


def discard(  # noqa: PLR0913 - a person's options
    reason: Annotated[str, typer.Option(help="Why, for the audit. Without personal data, please.")],
    ids: Ids = None,
    stack: Stack = "contactflow",
    where: Where = None,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Close messages that nobody wants. `undo` takes it back until they expire.

    Example: contactflow dlq discard --where reason=honeypot_filled --reason spam --yes
    """
    order = Order(Verb.DISCARD, ids or [], where or [], reason, dry_run=dry_run, yes=yes, as_json=as_json)
    with session.workbench(stack, aws=aws) as bench:
        carry_out(bench, order)


def undo(
    ids: Ids = None,
    stack: Stack = "contactflow",
    why: Why = "",
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Take resolve or discard back: the messages are in review again, for the reason they had.

    Example: contactflow dlq undo 0b5f2c1e-6f0a-4e4b-9a53-0a7f4f0f5f11
    """
    order = Order(Verb.UNDO, ids or [], [], why, dry_run=dry_run, yes=yes, as_json=as_json)
    with session.workbench(stack, aws=aws) as bench:
        carry_out(bench, order)


def _ascii(address: str) -> str:
    try:
        return to_ascii(address) if address else ""
    except UnusableAddressError as problem:
        raise typer.BadParameter(str(problem), param_hint="--to") from None


COMMANDS = (retry, deliver, resolve, discard, undo)
