"""What goes wrong, and how often. Each seed draws its own weather, so that faults meet in ever other company."""

from dataclasses import dataclass, fields
from random import Random


@dataclass(frozen=True)
class Faults:
    """Probabilities, each for one occasion."""

    #: a process dies before or after a call that it makes
    crash: float = 0.0
    #: DynamoDB, Step Functions, SQS or SNS refuses a call
    throttle: float = 0.0
    #: a call has its effect and the caller is not told, so the SDK repeats it
    lost_reply: float = 0.0
    #: a call takes seconds
    stall: float = 0.0
    #: SQS hands a message to several receivers at once
    duplicate: float = 0.0
    #: a processed message is not deleted, so it comes again
    delete: float = 0.0
    #: the gateway cannot store a post, or a visitor does not see the answer
    lost_answer: float = 0.0
    #: SES accepts a mail and its answer is lost
    ses_lost: float = 0.0
    #: SES answers 5xx, whether or not it took the mail
    ses_fails: float = 0.0
    #: SES refuses a mail for good
    ses_rejects: float = 0.0
    #: SES says "not now", once or through a whole period
    ses_throttle: float = 0.0
    #: an event of SES comes weeks late
    late_event: float = 0.0
    #: an event of SES comes up to five times
    duplicate_event: float = 0.0
    #: somebody sends events that are not SES's
    forged_event: float = 0.0
    #: Step Functions loses sight of a function that goes on running
    invoke: float = 0.0
    #: an execution is stopped or exceeds its time
    abort: float = 0.0
    #: a process whose clock is an hour wrong
    skew: float = 0.0


CALM = Faults()
_CEILING = {"crash": 0.06, "throttle": 0.1, "lost_reply": 0.1, "stall": 0.05, "delete": 0.1}


def draw(random: Random) -> Faults:
    """Three in five faults are off, the others rare or frequent."""

    def probability(name: str) -> float:
        return random.choice((0.0, 0.0, 0.0, 0.2, 1.0)) * _CEILING.get(name, 0.15)

    return Faults(**{field.name: probability(field.name) for field in fields(Faults)})
