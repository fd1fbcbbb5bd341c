"""Every few minutes: whatever is stuck past its deadline goes to review, where a person sees it."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import aws, clock
from handlers.core import acceptance, sweeping
from handlers.core.sweeping import IN_TRANSIT, Deadlines
from handlers.errors import ConditionFailedError
from handlers.ports import Clock, Cloud
from handlers.settings import SweepSettings, load
from handlers.telemetry import count, reported

#: Seconds; template.yaml ends the function sooner. A redrive that met the item before the record says
#: "review" would use it up and change nothing.
_LONGER_THAN_A_SWEEP = 120


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:  # noqa: ARG001 - Lambda's signature
    return {"moved": Sweeper(load(SweepSettings), aws, clock).sweep()}


@dataclass(frozen=True)
class Sweeper:
    settings: SweepSettings
    cloud: Cloud
    clock: Clock

    def sweep(self) -> int:
        """Return how many were moved. Running it again, or twice at once, moves nothing twice."""
        now = self.clock.now()
        deadlines = Deadlines(self.settings.OUTCOME_DEADLINE_SECONDS, self.settings.EVENT_DEADLINE_SECONDS)
        moved = 0
        for status in IN_TRANSIT:
            before = sweeping.cutoff(status, deadlines, now)
            for stuck in self.cloud.unchanged_since(self.settings.MESSAGES_TABLE, status, before):
                # The queue first: a crash in between repeats an item there, the other order could lose one.
                review = acceptance.review_message(stuck.message_id, stuck.reason)
                self.cloud.queue_review(self.settings.REVIEW_QUEUE_URL, review, _LONGER_THAN_A_SWEEP)
                try:
                    self.cloud.change_record(self.settings.MESSAGES_TABLE, sweeping.to_review(stuck, now))
                except ConditionFailedError:
                    count("sweep_overtaken", messageId=stuck.message_id)
                    continue
                count("swept", messageId=stuck.message_id, reason=stuck.reason)
                moved += 1
        return moved
