"""The account's list of addresses that SES takes mail for and does not write to.

https://docs.aws.amazon.com/ses/latest/dg/sending-email-suppression-list.html
"""

from collections.abc import Iterator
from typing import Any

from handlers import clock
from handlers.core import times
from ops.review.audit import Row, State, Verb, expires_at
from ops.review.index import masked
from ops.review.workbench import Workbench


def entries(bench: Workbench) -> Iterator[dict[str, str]]:
    """`address`, `reason`, `since`."""
    client = bench.deployment.client("sesv2")
    page: dict[str, Any] = client.list_suppressed_destinations()
    while True:
        for entry in page["SuppressedDestinationSummaries"]:
            since = times.iso(entry["LastUpdateTime"])
            yield {"address": entry["EmailAddress"], "reason": entry["Reason"], "since": since}
        if not page.get("NextToken"):
            return
        page = client.list_suppressed_destinations(NextToken=page["NextToken"])


def remove(bench: Workbench, action_id: str, address: str, why: str) -> bool:
    """Let SES write to the address again; the audit knows it masked. False if it was not on the list."""
    now = clock.now()
    client = bench.deployment.client("sesv2")
    row = Row(
        actionId=action_id,
        verb=Verb.UNSUPPRESS,
        target=masked(address),
        actor=bench.actor,
        at=times.iso(now),
        why=why,
        expiresAt=expires_at(now),
    )
    there = bench.put_audit(row)
    if there and there.state is not State.INTENDED:
        return there.state is State.DONE
    try:
        client.delete_suppressed_destination(EmailAddress=address)
        state = State.DONE
    except client.exceptions.NotFoundException:
        state = State.REFUSED
    bench.complete_audit(row.actionId, state, times.iso(clock.now()))
    return state is State.DONE
