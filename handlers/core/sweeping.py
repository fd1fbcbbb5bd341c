"""What is stuck: a record that its workflow or SES's events should have moved on long ago."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.core import times
from handlers.core.change import Change
from schemas.record import Status, TimelineEvent


@dataclass(frozen=True)
class Deadlines:
    """Seconds without any change after which a message in transit is a person's business."""

    #: an unknown outcome may last so long; everything before SES gets twice as long
    outcome: int
    #: SES tries for 14 hours by default before it bounces a mail, so a day without a word is no delay
    event: int

    def of(self, status: Status) -> int:
        return self.event if status in (Status.SENT, Status.DELAYED) else 2 * self.outcome


#: In transit: something else is still expected to happen to these.
IN_TRANSIT = (Status.QUEUED, Status.SENDING, Status.OUTCOME_UNKNOWN, Status.SENT, Status.DELAYED)


@dataclass(frozen=True)
class Stuck:
    """A record as the index showed it."""

    message_id: str
    status: Status
    updated_at: str

    @property
    def reason(self) -> str:
        return f"stuck_{self.status}"


def cutoff(status: Status, deadlines: Deadlines, now: datetime) -> str:
    """Records of `status` last changed before this are stuck."""
    return times.iso(now - timedelta(seconds=deadlines.of(status)))


def to_review(stuck: Stuck, now: datetime) -> Change:
    """Only if nothing has happened to it since the index showed it."""
    moment = times.iso(now)
    return Change(
        stuck.message_id,
        allowed=(stuck.status,),
        equals={"updatedAt": stuck.updated_at},
        sets={"status": Status.REVIEW, "reason": stuck.reason, "updatedAt": moment},
        event=(f"review-{moment}", TimelineEvent(kind="review", at=moment, detail=stuck.reason)),
    )
