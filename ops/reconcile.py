"""Proves that every accepted message is accounted for, id by id, and names those that are not."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.core import times
from handlers.core.delivery import ACCEPTED_BY_SES
from handlers.core.sweeping import IN_TRANSIT, Deadlines
from schemas.record import MessageRecord, Status

#: The books' columns; each status is in exactly one.
COLUMNS: Mapping[str, frozenset[Status]] = {
    "delivered": frozenset({Status.DELIVERED}),
    "bounced": frozenset({Status.BOUNCED, Status.SOFT_BOUNCED, Status.SUPPRESSED}),
    "complained": frozenset({Status.COMPLAINED}),
    "rejected": frozenset({Status.REJECTED}),
    "in review": frozenset({Status.REVIEW}),
    "discarded": frozenset({Status.DISCARDED}),
    "in transit": frozenset(IN_TRANSIT),
}
#: The sweeper comes every five minutes; only what it has left lying is wrong.
_SWEEP_ALLOWANCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Evidence:
    """What is known besides the records; None: nobody has counted."""

    #: ids that clients got a 2xx for
    accepted: frozenset[str] | None = None
    #: mails that SES accepted, by message id (the local mailbox counts them)
    mails: Mapping[str, int] | None = None
    #: messages that wait in IntakeQueue or are being read from it
    intake_depth: int = 0
    review_depth: int = 0


@dataclass(frozen=True)
class Problem:
    message_id: str
    what: str


@dataclass(frozen=True)
class Report:
    accepted: int
    columns: dict[str, int]
    problems: list[Problem] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.problems and self.accepted == sum(self.columns.values())


def reconcile(
    records: Iterable[MessageRecord], evidence: Evidence, deadlines: Deadlines, now: datetime
) -> Report:
    """Fold the records into the books. `now` is UTC."""
    by_id = {record.messageId: record for record in records}
    statuses = Counter(record.status for record in by_id.values())
    columns = {name: sum(statuses[status] for status in held) for name, held in COLUMNS.items()}
    missing = (evidence.accepted or frozenset()) - by_id.keys()
    problems = [
        problem for record in by_id.values() for problem in _problems(record, evidence, deadlines, now)
    ]
    if missing and evidence.intake_depth == 0:
        # SQS moves what was received five times to the review queue whole, before there was a record of it.
        unindexed = evidence.review_depth > columns["in review"]
        hint = "; perhaps a dead letter: run `contactflow dlq sweep`" if unindexed else ""
        problems += [
            Problem(message_id, f"accepted with a 2xx, but there is no record{hint}")
            for message_id in missing
        ]
    else:
        columns["in transit"] += len(missing)
    if columns["in review"] and evidence.review_depth == 0:
        held = (record.messageId for record in by_id.values() if record.status is Status.REVIEW)
        problems += [Problem(message_id, "in review, but the review queue is empty") for message_id in held]
    accepted = len(by_id) + len(missing)
    return Report(accepted, columns, sorted(problems, key=lambda problem: problem.message_id))


def _problems(
    record: MessageRecord, evidence: Evidence, deadlines: Deadlines, now: datetime
) -> Iterable[Problem]:
    allowed = record.replays + 1
    told = sum(entry.kind == "accepted_by_ses" for entry in record.events.values())
    if told > allowed:
        yield Problem(record.messageId, f"SES accepted it {told} times, {allowed} allowed")
    if evidence.mails is not None:
        mails = evidence.mails.get(record.messageId, 0)
        if mails > allowed:
            yield Problem(record.messageId, f"{mails} mails, {allowed} allowed")
        # `contactflow forget` erases the mail too.
        if mails == 0 and record.status in ACCEPTED_BY_SES and "forgotten" not in record.events:
            yield Problem(record.messageId, f"{record.status}, but there is no mail")
    if record.status in IN_TRANSIT:
        late = now - times.parse(record.updatedAt) - timedelta(seconds=deadlines.of(record.status))
        if late > _SWEEP_ALLOWANCE:
            yield Problem(record.messageId, f"{record.status} for too long, and the sweeper has not moved it")
