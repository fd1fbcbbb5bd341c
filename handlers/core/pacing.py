"""How far apart executions start, so that a burst waits in SQS and not in sends that SES throttles."""

from dataclasses import dataclass


@dataclass
class Pacer:
    """One execution environment's share of the SES rate, evenly spaced."""

    interval_seconds: float
    next_start: float = 0.0

    def wait(self, now: float) -> float:
        """Reserve the next start and return the seconds until it. `now` is monotonic seconds."""
        start = max(now, self.next_start)
        self.next_start = start + self.interval_seconds
        return start - now
