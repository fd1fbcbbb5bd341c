"""The message in IntakeQueue: the posted body, and what the gateway knew about the request."""

from pydantic import BaseModel, ConfigDict


class IntakeAttributes(BaseModel):
    """The attributes that the gateway's template adds; empty when absent, as on a message put by hand."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True)

    messageId: str = ""
    requestId: str = ""
    #: milliseconds since the epoch at which the gateway took the request
    receivedAt: str = ""
    #: the browser's Origin header; API clients send none
    origin: str = ""
    sourceIp: str = ""
