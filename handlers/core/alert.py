"""An alert as it came from the topic → what others may know of it: names, ids and codes, never its text."""

from dataclasses import dataclass

from pydantic import ValidationError

from handlers.core import strict_json
from schemas.alert import Alarm, Notification, OwnAlert


@dataclass(frozen=True)
class Alert:
    """`at`: when it was published, as SNS spells it; `text`: one line for people, made here."""

    id: str
    at: str
    kind: str
    data: dict[str, str]
    text: str


class NotAnAlertError(ValueError):
    """SNS did not put this into the queue."""


def read(body: str) -> Alert:
    """Raise NotAnAlertError. What this version does not know becomes an alert of kind "other"."""
    try:
        told = Notification.model_validate(strict_json.loads(body))
    except (strict_json.NotStrictJsonError, ValidationError):
        raise NotAnAlertError("not an SNS notification") from None
    kind, data, text = _own(told) or _alarm(told) or ("other", {}, "An alert of an unknown kind.")
    return Alert(told.MessageId, told.Timestamp, kind, data, f"ContactFlow: {text} See docs/runbook.md.")


def _own(told: Notification) -> tuple[str, dict[str, str], str] | None:
    try:
        own = OwnAlert.model_validate({name: given.Value for name, given in told.MessageAttributes.items()})
    except ValidationError:
        return None
    data = {"messageId": own.messageId, "reason": own.reason}
    match own.kind:
        case "review":
            return own.kind, data, f"message {own.messageId} waits for review, reason {own.reason}."
        case "owner_unreachable":
            return own.kind, data, f"the owner's address does not take mail, {own.reason}."
    return own.kind, {}, "a test. Nothing happened."


def _alarm(told: Notification) -> tuple[str, dict[str, str], str] | None:
    try:
        alarm = Alarm.model_validate(strict_json.loads(told.Message))
    except (strict_json.NotStrictJsonError, ValidationError):
        return None
    data = {"alarm": alarm.AlarmName, "state": alarm.NewStateValue, "description": alarm.AlarmDescription}
    return "alarm", data, f"{alarm.NewStateValue} {alarm.AlarmName}: {alarm.AlarmDescription}"
