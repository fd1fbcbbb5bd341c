"""What is accepted comes first: on a laptop the drain shares its cores with the API, in AWS it does not."""

from collections.abc import Callable

from ops.local.api_calls import Request

#: Seconds without a post after which the door counts as quiet.
_QUIET = 0.05
#: Seconds that one batch gives way at most, so that a load without end is delivered all the same.
_LONGEST = 2.0


class FrontDoor:
    """When API Gateway last stored a message, which it alone does in SQS's query protocol."""

    def __init__(self, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._last = -_QUIET

    def watch(self, request: Request) -> None:
        """A hook of the endpoint; no call is failed by it."""
        if request.by_form and request.service == "sqs":
            self._last = self._monotonic()

    def give_way(self) -> None:
        """Return when nobody has posted for a moment, or when the batch has waited long enough."""
        end = self._monotonic() + _LONGEST
        while (left := min(end, self._last + _QUIET) - self._monotonic()) > 0:
            self._sleep(left)
