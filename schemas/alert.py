"""What AlertTopic puts into WebhookQueue: SNS's envelope around an alert of ours or an alarm of CloudWatch."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from schemas.record import MessageId

#: Names and codes as AWS and we write them; a visitor's words would not fit.
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:, ()-]{1,100}$")]


class _Read(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True)


class Attribute(_Read):
    Value: str


class Notification(_Read):
    """https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html."""

    Type: Literal["Notification"]
    #: SNS's own id of the alert: however often SQS delivers or moves it, this stays
    MessageId: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,100}$")]
    Timestamp: Annotated[str, StringConstraints(pattern=r"^[0-9T:.Z+-]{1,40}$")]
    Message: str
    MessageAttributes: Annotated[dict[str, Attribute], Field(default_factory=dict)]


class Alarm(_Read):
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html."""

    AlarmName: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,255}$")]
    AlarmDescription: Annotated[str, StringConstraints(max_length=1024)] = ""
    NewStateValue: Literal["ALARM", "OK", "INSUFFICIENT_DATA"]


class OwnAlert(_Read):
    """The attributes that our own alerts carry beside their text."""

    kind: Literal["review", "owner_unreachable", "test"]
    messageId: MessageId | Literal[""] = ""
    reason: Code | Literal[""] = ""
