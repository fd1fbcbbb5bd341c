"""Who did what to which message, when and why: one row per action, written before the action happens."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from schemas.record import Status

#: Rows hold ids, statuses and the operator's words, none of the visitor's, and so outlive the message.
RETENTION = timedelta(days=400)


class Verb(StrEnum):
    """What an operator can do."""

    #: send it again
    RETRY = "retry"
    #: it was held by mistake: deliver it
    DELIVER = "deliver"
    #: it was dealt with elsewhere
    RESOLVE = "resolve"
    #: it is not wanted
    DISCARD = "discard"
    #: take back a resolve or a discard
    UNDO = "undo"
    #: take an address off SES's suppression list
    UNSUPPRESS = "unsuppress"
    #: send an alert to the webhook again
    REFIRE = "refire"


class State(StrEnum):
    """How far an action is. A crash leaves it intended, and the next acting command finishes it."""

    INTENDED = "intended"
    DONE = "done"
    #: somebody else changed the message first; nothing was done
    REFUSED = "refused"


class Version(BaseModel):
    """What an action saw of a message, or leaves of it."""

    model_config = ConfigDict(frozen=True)

    status: Status
    updatedAt: str  # noqa: N815 - the table's spelling
    replays: int
    reason: str
    form: str = ""
    recipient: Literal["", "fallback"] = ""


class Row(BaseModel):
    """The item `pk = AUDIT#<actionId>, sk = AUDIT`: all that is needed to carry the action out, or on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    actionId: str  # noqa: N815 - the table's spelling
    verb: Verb
    #: a message's id; for UNSUPPRESS the masked address; for REFIRE the alert's id
    target: str
    actor: str
    at: str
    why: str = ""
    before: Version | None = None
    after: Version | None = None
    #: a subject to send under; dropped once the action is over, since it may hold the visitor's words
    subject: str = ""
    edited: bool = False
    state: State = State.INTENDED
    completedAt: str = ""  # noqa: N815 - the table's spelling
    expiresAt: int  # noqa: N815 - the table's spelling


def expires_at(now: datetime) -> int:
    return int((now + RETENTION).timestamp())


def index_status(state: State) -> str:
    """The rows' partition in the index byStatus, beside the messages' own statuses."""
    return f"audit_{state}"


def key(action_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"AUDIT#{action_id}"}, "sk": {"S": "AUDIT"}}
