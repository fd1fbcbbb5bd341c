"""What becomes of a mail: which events follow, from which addresses, and what the next mails are told to meet."""

import threading
from collections import Counter, deque
from collections.abc import Iterable
from email.utils import parseaddr
from enum import StrEnum


class Outcome(StrEnum):
    """An end that SES can give a mail it has accepted."""

    DELIVERY = "delivery"
    BOUNCE = "bounce"
    NO_EMAIL = "no_email"
    SOFT_BOUNCE = "soft_bounce"
    AUTO_REPLY = "auto_reply"
    COMPLAINT = "complaint"
    SUPPRESSION = "suppression"
    GLOBAL_SUPPRESSION = "global_suppression"
    COMPLAINT_SUPPRESSION = "complaint_suppression"
    DELAY = "delay"
    REJECT = "reject"
    RENDERING_FAILURE = "rendering_failure"


SIMULATOR_DOMAIN = "simulator.amazonses.com"
# https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html#send-email-simulator
# "suppressionlist" bounces "as if the recipient's address is on the global suppression list".
_SIMULATOR = {
    "success": Outcome.DELIVERY,
    "bounce": Outcome.BOUNCE,
    "ooto": Outcome.AUTO_REPLY,
    "complaint": Outcome.COMPLAINT,
    "suppressionlist": Outcome.GLOBAL_SUPPRESSION,
}


def bare(address: str) -> str:
    """`Name <Someone@Example.com>` → `someone@example.com`."""
    return parseaddr(address)[1].lower()


def is_simulator(address: str) -> bool:
    return bare(address).endswith(f"@{SIMULATOR_DOMAIN}")


def of_address(address: str) -> Outcome:
    """What SES does with a mail to this address when nothing else is scripted."""
    local, _, domain = bare(address).rpartition("@")
    if domain != SIMULATOR_DOMAIN:
        return Outcome.DELIVERY
    # bounce+anything@ is bounce@ as well.
    return _SIMULATOR.get(local.partition("+")[0], Outcome.DELIVERY)


def grouped(outcomes: Iterable[tuple[str, Outcome]]) -> dict[Outcome, tuple[str, ...]]:
    """(address, outcome) pairs → the addresses of each outcome: SES tells of them in one event."""
    groups: dict[Outcome, tuple[str, ...]] = {}
    for address, outcome in outcomes:
        groups[outcome] = (*groups.get(outcome, ()), address)
    return groups


class Script:
    """What the next mails meet, first in, first out; safe for use from several threads."""

    def __init__(self) -> None:
        self._next: deque[Outcome] = deque()
        self._lock = threading.Lock()

    def add(self, outcome: Outcome, mails: int = 1) -> None:
        with self._lock:
            self._next.extend([outcome] * mails)

    def take(self) -> Outcome | None:
        """The outcome scripted for the mail at hand, used up by this call."""
        with self._lock:
            return self._next.popleft() if self._next else None

    def clear(self) -> None:
        with self._lock:
            self._next.clear()

    def pending(self) -> Counter[Outcome]:
        """How many mails each outcome is still waiting for, in the order of the first of each."""
        with self._lock:
            return Counter(self._next)
