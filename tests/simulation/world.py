"""Everything outside the functions, from one seed: time, faults, AWS, visitors, an operator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.core import feedback
from handlers.core.pacing import Pacer
from handlers.process_feedback import Follower
from handlers.send_email import Sender
from handlers.settings import (
    ProcessFeedbackSettings,
    SendEmailSettings,
    StartDeliverySettings,
    SweepSettings,
)
from handlers.start_delivery import Starter
from handlers.sweep import Sweeper
from schemas.forms import Form
from schemas.intake import IntakeAttributes
from tests.fakes import ses_events
from tests.fakes.cloud import FakeCloud
from tests.simulation import desk
from tests.simulation.cloud import CrashError, SimClock, SimCloud
from tests.simulation.executions import Executions
from tests.simulation.faults import CALM, Faults, draw
from tests.simulation.scheduler import Scheduler
from tests.simulation.ses import Ses
from tests.simulation.sqs import Message, Queue, ReviewQueue
from tests.simulation.visitors import ORIGIN, Visitors

T = TypeVar("T")
_DAY = 86_400.0


@dataclass(frozen=True)
class Variant:
    """A system built wrongly on purpose, to see that the checks notice. The default is the system as it is."""

    #: calls of SendEmail that the SDK makes when it reads no answer; by default it makes three
    ses_attempts: int = 1
    #: writes to the table happen whatever the record says
    unconditional: bool = False
    #: the SQS message id stands for the message
    keyed_on_sqs_id: bool = False
    #: an event counts for whatever attempt the record is at
    any_attempt: bool = False


AS_IT_IS = Variant()


class World:
    def __init__(self, seed: int, faults: Faults | None = None, variant: Variant = AS_IT_IS) -> None:
        self.seed = seed
        self.scheduler = Scheduler(seed)
        #: the next of the seed's numbers, from 0 up to 1: `chance() < 0.1` in one of ten cases
        self.chance: Callable[[], float] = self.scheduler.random.random
        self.variant = variant
        self.calm = CALM
        self.drawn = draw(self.scheduler.random) if faults is None else faults
        #: none, once the world settles
        self.faults = self.drawn
        caps = {"RECIPIENT_DAILY_CAP": self.pick((0, 0, 20)) if faults is None else 0}
        self.starter = STARTER.model_copy(update=caps)
        self.trace: list[tuple[float, str]] | None = None
        self.clock = SimClock(self, 0.0)
        self.table = FakeCloud()
        self.review = ReviewQueue()
        self.ses = Ses(self)
        self.executions = Executions(self)
        self.visitors = Visitors(self)
        self.pacers = [Pacer(2 / 14), Pacer(2 / 14)]
        # Lambda's limits and the queues' are template.yaml's.
        self.intake = Queue(self, "intake", self._start, 360, 60, concurrency=2)
        self.events = Queue(self, "events", self._follow, 180, 30, concurrency=5)
        self.swept = 0

    # ---- what everything outside asks ------------------------------------------------------------------------

    def pick(self, choices: Sequence[T]) -> T:
        return choices[int(self.chance() * len(choices))]

    def tell(self, what: str) -> None:
        if self.trace is not None:
            self.trace.append((self.scheduler.now, what))

    def process(self, who: str, seconds: float, environment: int = 0) -> tuple[SimCloud, SimClock]:
        skew = self.pick((-3600.0, 3600.0)) if self.chance() < self.faults.skew else 0.0
        return SimCloud(self, who, self.scheduler.now + seconds, environment), SimClock(self, skew)

    # ---- the functions ---------------------------------------------------------------------------------------

    def _start(self, message: Message, cloud: SimCloud, clock: SimClock) -> None:
        attributes = message.attributes
        if self.variant.keyed_on_sqs_id:
            attributes = attributes | {"messageId": f"sqs-{id(message)}"}
        pacer = self.pacers[cloud.environment]
        Starter(self.starter, cloud, clock, pacer).start(
            message.body, IntakeAttributes.model_validate(attributes)
        )

    def _follow(self, message: Message, cloud: SimCloud, clock: SimClock) -> None:
        Follower(FOLLOWER, cloud, clock).follow(message.body)

    def sender(self, cloud: SimCloud, clock: SimClock) -> Sender:
        return Sender(SENDER, cloud, clock)

    def sweep(self) -> None:
        cloud, clock = self.process("sweeper", 60)
        try:
            self.swept += Sweeper(SWEEPER, cloud, clock).sweep()
        except CrashError:
            return
        except Exception as error:  # noqa: BLE001 - Lambda reports it, the next sweep comes in any case
            self.tell(f"sweeper: {type(error).__name__}")

    # ---- the course of time ----------------------------------------------------------------------------------

    def live(self, messages: int) -> None:
        """Visitors for some minutes, faults for weeks; then the last sweeps in fair weather."""
        after = self.scheduler.after
        busy = self.pick((5.0, 60.0, 900.0))
        for _ in range(messages):
            after(self.chance() * busy, self.visitors.arrive)
        self._plan_troubles(busy)
        for number in range(14):
            seconds = self.chance() * (7200 if number < 10 else 21 * _DAY)
            after(seconds, lambda: self.scheduler.spawn(self.sweep))
        self.scheduler.run()
        self.settle()

    def _plan_troubles(self, busy: float) -> None:
        after = self.scheduler.after
        if self.faults.ses_throttle:
            start = self.chance() * busy
            # Most of an hour means twenty attempts a message, which teach little that five minutes do not.
            self.ses.closed = [(start, start + self.pick((60, 60, 60, 300, 300, 300, 300, 3000)))]
        for _ in range(int(self.faults.forged_event * 40)):
            after(self.chance() * 3600, self.ses.forge)
        for _ in range(self.pick((0, 2, 5))):
            after(self.chance() ** 2 * 20_000, lambda: desk.redrive(self))
        for _ in range(self.pick((0, 0, 3))):
            after(self.chance() ** 2 * 20_000, lambda: desk.discard(self))
        for _ in range(self.pick((0, 0, 3))):
            after(self.chance() ** 2 * 20_000, lambda: desk.send_elsewhere(self))

    def settle(self) -> None:
        """Two days on and without faults: what is stuck is swept, then nothing is left to sweep."""
        self.faults = self.calm
        for _ in range(2):
            self.swept = 0
            self.scheduler.after(2 * _DAY, lambda: self.scheduler.spawn(self.sweep))
            self.scheduler.run()


FORM = Form(id="main", owner="owner@example.com", fallback="boss@example.com", origin=ORIGIN)
SENDERS = feedback.Senders(ses_events.ACCOUNT, ses_events.CONFIGURATION_SET, "contactflow-ack")
STARTER = StartDeliverySettings(
    MESSAGES_TABLE="messages",
    DELIVERY_STATE_MACHINE_ARN="machine",
    REVIEW_QUEUE_URL="review",
    RETENTION_DAYS=30,
    SES_SEND_RATE=14,
    STARTER_CONCURRENCY=2,
    ACKNOWLEDGEMENT="off",
    OUTCOME_DEADLINE_SECONDS=900,
    REQUIRE_PROOF_OF_WORK=False,
    MINIMUM_FILL_MILLISECONDS=3000,
    ALLOWED_ORIGIN=ORIGIN,
    FORMS=(),
    CONTENT_SCORE_LIMIT=0,
    ADDRESS_DAILY_CAP=0,
    RECIPIENT_DAILY_CAP=0,
)
SENDER = SendEmailSettings(
    MESSAGES_TABLE="messages",
    OWNER_ADDRESS="owner@example.com",
    FORMS=(),
    SENDER_ADDRESS="noreply@example.com",
    CONFIGURATION_SET=ses_events.CONFIGURATION_SET,
    OUTCOME_DEADLINE_SECONDS=900,
).model_copy(update={"FORMS": (FORM,)})
FOLLOWER = ProcessFeedbackSettings(
    MESSAGES_TABLE="messages",
    CONFIGURATION_SET=ses_events.CONFIGURATION_SET,
    ACKNOWLEDGEMENT_CONFIGURATION_SET="contactflow-ack",
    SENDING_ACCOUNT_ID=ses_events.ACCOUNT,
    ALERT_TOPIC_ARN="alerts",
    FORMS=(),
)
SWEEPER = SweepSettings(
    MESSAGES_TABLE="messages",
    REVIEW_QUEUE_URL="review",
    OUTCOME_DEADLINE_SECONDS=900,
    EVENT_DEADLINE_SECONDS=86_400,
)
