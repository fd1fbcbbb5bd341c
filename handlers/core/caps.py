"""How many messages a day are delivered without a person: from one visitor's address, and to the owner.

A message is counted between the put of its record and the start of its execution, and only by whoever put the
record. So a repeated delivery never counts twice, and what a crash can do is this:

- before the count: the message is delivered without being counted; the next one stands for it.
- after the count: the repeated delivery finds the record, counts nothing and goes on.
- after a count that was refused, before the record says so: one message above the cap is delivered.

The SDK may repeat a count whose answer got lost: then a day has one message less. Whatever is above a cap is in
review, never lost. A transaction of put and count would be exact, at twice the price for every message:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.core import times
from handlers.core.change import Change
from schemas.record import MessageRecord, Status, TimelineEvent


@dataclass(frozen=True)
class Cap:
    """A counter of today's (UTC), how far it may go, and why a message beyond it is held."""

    key: str
    limit: int
    reason: str
    expires_at: int


def address_hash(address: str) -> str:
    """What a counter or marker knows of a person; `contactflow forget` finds it by the same hash."""
    return hashlib.sha256(address.lower().encode()).hexdigest()


def of(sender: str, form: str, address_limit: int, recipient_limit: int, now: datetime) -> list[Cap]:
    """The caps that a message of `sender` must pass, in this order; a limit of 0 is none.

    A flood at one form holds nothing of another's, so each form's owner has a cap of his own.
    """
    expires_at = int((now + timedelta(days=2)).timestamp())
    day = f"{now:%Y-%m-%d}"
    caps = [
        Cap(f"CAP#{address_hash(sender)}#{day}", address_limit, "daily_cap_address", expires_at),
        Cap(f"CAP#owner{form and '#'}{form}#{day}", recipient_limit, "daily_cap_recipient", expires_at),
    ]
    return [cap for cap in caps if cap.limit > 0]


def hold(record: MessageRecord, reason: str, now: datetime) -> Change:
    """Into review, unless a repeated delivery has started the message meanwhile."""
    moment = times.iso(now)
    return Change(
        record.messageId,
        allowed=(Status.QUEUED,),
        equals={"replays": 0},
        sets={"status": Status.REVIEW, "reason": reason, "updatedAt": moment},
        event=("review", TimelineEvent(kind="review", at=moment, detail=reason)),
    )
