"""SES's maximum send rate, as a token bucket that holds one second's worth."""

import threading
from collections.abc import Callable


class SendRate:
    """`per_second` counts recipients, as SES's quota does; None is no limit.

    https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html
    """

    def __init__(self, per_second: float | None, clock: Callable[[], float]) -> None:
        self.per_second = per_second
        self._clock = clock
        self._tokens = per_second or 0.0
        self._at = clock()
        self._lock = threading.Lock()

    def take(self, recipients: int) -> bool:
        """Whether SES takes a mail for so many recipients now. A bucket that is full takes any one mail."""
        if self.per_second is None:
            return True
        with self._lock:
            now = self._clock()
            self._tokens = min(self.per_second, self._tokens + (now - self._at) * self.per_second)
            self._at = now
            if self._tokens < min(recipients, self.per_second):
                return False
            self._tokens -= recipients
            return True
