"""`contactflow cost`."""

from typing import Annotated

import typer
from rich.console import Console

from ops.cost import model, report


def cost(  # noqa: PLR0913 - a person's options
    messages: Annotated[int, typer.Option(min=0, help="Messages a month that are delivered.")] = 1_000,
    requests: Annotated[
        int, typer.Option(min=0, help="All requests to the API: posts, preflights, reads of a status.")
    ] = 30_000,
    *,
    waf: Annotated[bool, typer.Option("--waf", help="With a web ACL and one rate rule.")] = False,
    cmk: Annotated[bool, typer.Option("--cmk", help="With a KMS key of your own.")] = False,
    acknowledgements: Annotated[
        bool, typer.Option("--acknowledgements", help="With a mail to each visitor, too.")
    ] = False,
    cloudfront: Annotated[bool, typer.Option("--cloudfront", help="With the page on CloudFront.")] = False,
    webhook: Annotated[bool, typer.Option("--webhook", help="With alerts by webhook.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """What a month costs at AWS, item by item, with the always-free tiers and without.

    Example: contactflow cost --messages 100000 --requests 300000 --waf
    """
    # Imported here: AWS's SAM translator takes half a second that no other command should wait for.
    from ops.cost.counted import count  # noqa: PLC0415 - see above

    load = model.Load(messages, requests, waf, cmk, acknowledgements, cloudfront, webhook)
    lines = model.bill(load, count())
    if as_json:
        typer.echo(report.as_json(load, lines))
    else:
        report.show(load, lines, Console(highlight=False))
