"""SES's events as published to SNS: `eventType` of a configuration set, `notificationType` of an identity.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
SES adds fields without notice, so unknown ones are kept out of the way and never refused.
"""

from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, defer_build=True)


class Mail(_Part):
    """The mail an event is about. `headers` are absent from some kinds, so nothing here reads them."""

    messageId: str
    timestamp: str
    sendingAccountId: str = ""
    destination: list[str] = []
    #: the mail's own tags and SES's automatic ones; absent from identity-level notifications
    tags: dict[str, list[str]] = {}


class BouncedRecipient(_Part):
    emailAddress: str
    status: str = ""


class BounceDetail(_Part):
    bounceType: Literal["Undetermined", "Permanent", "Transient"]
    bounceSubType: str = ""
    bouncedRecipients: list[BouncedRecipient] = []
    timestamp: str
    feedbackId: str = ""


class ComplaintDetail(_Part):
    timestamp: str
    feedbackId: str = ""
    complaintSubType: str | None = None
    complaintFeedbackType: str = ""


class DeliveryDetail(_Part):
    timestamp: str
    smtpResponse: str = ""


class DelayDetail(_Part):
    timestamp: str
    delayType: str = ""


class RejectDetail(_Part):
    reason: str = ""


class FailureDetail(_Part):
    errorMessage: str = ""
    templateName: str = ""


class EngagementDetail(_Part):
    timestamp: str = ""


class _Event(_Part):
    mail: Mail


def _kind(name: str) -> AliasChoices:
    return AliasChoices(name, "notificationType")


class Send(_Event):
    kind: Literal["Send"] = Field(validation_alias=_kind("eventType"))


class Delivery(_Event):
    kind: Literal["Delivery"] = Field(validation_alias=_kind("eventType"))
    delivery: DeliveryDetail


class Bounce(_Event):
    kind: Literal["Bounce"] = Field(validation_alias=_kind("eventType"))
    bounce: BounceDetail


class Complaint(_Event):
    kind: Literal["Complaint"] = Field(validation_alias=_kind("eventType"))
    complaint: ComplaintDetail


class Reject(_Event):
    kind: Literal["Reject"] = Field(validation_alias=_kind("eventType"))
    reject: RejectDetail


class DeliveryDelay(_Event):
    kind: Literal["DeliveryDelay"] = Field(validation_alias=_kind("eventType"))
    deliveryDelay: DelayDetail


class RenderingFailure(_Event):
    kind: Literal["Rendering Failure"] = Field(validation_alias=_kind("eventType"))
    failure: FailureDetail


class Open(_Event):
    kind: Literal["Open"] = Field(validation_alias=_kind("eventType"))
    open: EngagementDetail


class Click(_Event):
    kind: Literal["Click"] = Field(validation_alias=_kind("eventType"))
    click: EngagementDetail


class Subscription(_Event):
    kind: Literal["Subscription"] = Field(validation_alias=_kind("eventType"))
    subscription: EngagementDetail


def _discriminator(value: object) -> str | None:
    if not isinstance(value, dict):
        return getattr(value, "kind", None)
    kind = value.get("eventType", value.get("notificationType"))
    return kind if isinstance(kind, str) else None


SesEvent = Annotated[
    Annotated[Send, Tag("Send")]
    | Annotated[Delivery, Tag("Delivery")]
    | Annotated[Bounce, Tag("Bounce")]
    | Annotated[Complaint, Tag("Complaint")]
    | Annotated[Reject, Tag("Reject")]
    | Annotated[DeliveryDelay, Tag("DeliveryDelay")]
    | Annotated[RenderingFailure, Tag("Rendering Failure")]
    | Annotated[Open, Tag("Open")]
    | Annotated[Click, Tag("Click")]
    | Annotated[Subscription, Tag("Subscription")],
    Discriminator(_discriminator),
]

SES_EVENT: TypeAdapter[SesEvent] = TypeAdapter(SesEvent, config=ConfigDict(defer_build=True))
