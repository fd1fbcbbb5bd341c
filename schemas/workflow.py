"""What the state machine is started with and hands to its functions: ids and numbers, never the message."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.record import MessageId


class WorkflowInput(BaseModel):
    """The execution input. Deterministic per message: StartExecution is idempotent only for equal input.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    messageId: MessageId
    #: seconds an unknown outcome may stay unknown before a person looks at it
    outcomeDeadlineSeconds: Annotated[int, Field(ge=1, le=86_400)]
    #: send the visitor the fixed-text acknowledgement after the owner's mail
    acknowledge: bool


class SendTask(BaseModel):
    """What SendEmail and SendAcknowledgement are invoked with."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    messageId: MessageId


class ReviewMessage(BaseModel):
    """The body of a message in ReviewQueue; the record says the rest."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    messageId: MessageId
    reason: Annotated[str, Field(min_length=1, max_length=100)]
