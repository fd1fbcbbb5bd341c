"""What a person or a script wants SES to do, as text → a change of its behaviour."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ops.local.ses.behaviour import Behaviour
from ops.local.ses.faults import FaultKind
from ops.local.ses.outcomes import Outcome

#: Shown on the buttons, in this order: what becomes of a mail …
OUTCOMES = {
    Outcome.DELIVERY: "Delivery",
    Outcome.BOUNCE: "Bounce",
    Outcome.SOFT_BOUNCE: "Soft bounce",
    Outcome.COMPLAINT: "Complaint",
    Outcome.SUPPRESSION: "Suppression",
    Outcome.DELAY: "Delay",
    Outcome.REJECT: "Reject",
    Outcome.RENDERING_FAILURE: "Rendering failure",
}
#: … and how the SendEmail call itself fails.
FAULTS = {
    FaultKind.THROTTLE: "Throttle (429)",
    FaultKind.OUTAGE: "Outage (503)",
    FaultKind.TIMEOUT: "No answer",
    FaultKind.LOST_REPLY: "Lost reply",
    FaultKind.SLOW: "Slow (200 ms)",
}


class OrderError(ValueError):
    """The order makes no sense. The text names the field."""


class NextOrder(BaseModel):
    """For the next mails or calls. An outage or slowness without count and seconds lasts until it is cleared."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: Outcome | FaultKind
    count: Annotated[int, Field(ge=1, le=10_000)] | None = None
    seconds: Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)] | None = None


class MailOrder(BaseModel):
    """For one mail that SES has already."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: Outcome


def script(behaviour: Behaviour, order: Any) -> None:
    """Raise OrderError for anything but a NextOrder as a dict."""
    try:
        wanted = NextOrder.model_validate(order)
    except ValidationError as problem:
        raise _misunderstood(problem) from None
    match wanted.outcome:
        case Outcome() as outcome:
            if wanted.seconds is not None:
                raise OrderError("an outcome holds for a count of mails, not for seconds")
            behaviour.script.add(outcome, wanted.count or 1)
        case FaultKind() as kind:
            lasting = wanted.seconds is not None or kind in (FaultKind.OUTAGE, FaultKind.SLOW)
            count = wanted.count if lasting else wanted.count or 1
            behaviour.faults.begin(kind, calls=count, seconds=wanted.seconds)


def settle(behaviour: Behaviour, mail_id: str, order: Any) -> None:
    """Raise OrderError for anything but a MailOrder as a dict, UnknownMailError for an unknown mail."""
    try:
        wanted = MailOrder.model_validate(order)
    except ValidationError as problem:
        raise _misunderstood(problem) from None
    behaviour.settle(mail_id, wanted.outcome)


def clear(behaviour: Behaviour) -> None:
    behaviour.script.clear()
    behaviour.faults.clear()


def _misunderstood(problem: ValidationError) -> OrderError:
    fields = sorted({str(error["loc"][0]) for error in problem.errors() if error["loc"]})
    return OrderError(f"not understood: {', '.join(fields) or 'the order'}")
