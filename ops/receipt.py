"""What `contactflow forget` hands to the person who asked: what was erased, and what could not be."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Receipt:
    """What was erased, by place; `mails` is None where no mailbox is ours."""

    address: str
    #: UTC
    at: str
    intake_queue: int
    review_queue: int
    records: int
    counters: int
    mails: int | None
    #: on the SES account's suppression list, which keeps mail from the person only as long as it is there
    suppressed: bool
    #: messages and audit rows of other people that name the address; their words are not the person's to erase
    mentioned_in: list[str]
    #: in other hands while this ran: forget again once they are done
    busy: int

    @property
    def complete(self) -> bool:
        return self.busy == 0


def as_json(receipt: Receipt) -> str:
    return json.dumps({**asdict(receipt), "complete": receipt.complete, "not_erased": [*not_erased(receipt)]})


def show(receipt: Receipt, console: Console) -> None:
    console.print(f"Forgotten: {receipt.address}, {receipt.at}", markup=False)
    table = Table(box=None, pad_edge=False, show_header=False)
    for place, number in (
        ("messages in the table, each with its hash", receipt.records),
        ("counters and markers of the address", receipt.counters),
        ("messages in the intake queue", receipt.intake_queue),
        ("messages in the review queue", receipt.review_queue),
        ("mails in the local mailbox", receipt.mails),
    ):
        if number is not None:
            table.add_row(f"  {place}", str(number))
    console.print(table)
    console.print("Not erased:")
    for text in not_erased(receipt):
        console.print(f"  {text}", markup=False, soft_wrap=True)


def not_erased(receipt: Receipt) -> Iterator[str]:
    """Sentences for the person; the first need the operator."""
    if receipt.busy:
        yield (
            f"{receipt.busy} messages were being processed and could not be read: "
            "run this again in six minutes."
        )
    if receipt.suppressed:
        yield (
            "The address is on the SES account's suppression list, which keeps mail from it; "
            "`aws sesv2 delete-suppressed-destination` takes it off."
        )
    if receipt.mentioned_in:
        yield f"Written by others, and naming the address: {', '.join(receipt.mentioned_in)}"
    if receipt.mails is None:
        yield "Mails that were delivered are in the owner's mailbox."
        yield "Backups: the table's point-in-time recovery can restore the last 35 days."
        yield "The API's access log keeps IP addresses, without names, until LogRetentionDays have passed."
    yield "SES's events name the person on their way through the events queue, some seconds as a rule."
    yield "Ids, times and statuses stay, as in logs and workflows: they hold nothing that the person wrote."
