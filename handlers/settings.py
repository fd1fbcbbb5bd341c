"""The one module that reads the environment: one frozen model per function, no defaults."""

import os
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints

from schemas import forms

S = TypeVar("S", bound="_Settings")
Name = Annotated[str, StringConstraints(min_length=1)]
#: the line of schemas.forms; empty: the stack has one form, and it has no id
if TYPE_CHECKING:
    FormsLine = forms.Forms
else:
    # By its own name pydantic would build the form's model, two address patterns included, in every cold start of
    # a stack that has no forms.
    FormsLine = Annotated[Any, PlainValidator(forms.parse)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class StartDeliverySettings(_Settings):
    MESSAGES_TABLE: Name
    DELIVERY_STATE_MACHINE_ARN: Name
    REVIEW_QUEUE_URL: Name
    RETENTION_DAYS: Annotated[int, Field(ge=1)]
    #: mails a second that SES accepts from this account
    SES_SEND_RATE: Annotated[float, Field(gt=0)]
    #: execution environments among which that rate is divided
    STARTER_CONCURRENCY: Annotated[int, Field(ge=1)]
    ACKNOWLEDGEMENT: Literal["on", "off"]
    OUTCOME_DEADLINE_SECONDS: Annotated[int, Field(ge=1)]
    REQUIRE_PROOF_OF_WORK: bool
    MINIMUM_FILL_MILLISECONDS: Annotated[int, Field(ge=0)]
    ALLOWED_ORIGIN: str
    FORMS: FormsLine
    #: of these three, 0 switches the control off
    CONTENT_SCORE_LIMIT: Annotated[int, Field(ge=0)]
    ADDRESS_DAILY_CAP: Annotated[int, Field(ge=0)]
    RECIPIENT_DAILY_CAP: Annotated[int, Field(ge=0)]


class SendEmailSettings(_Settings):
    MESSAGES_TABLE: Name
    OWNER_ADDRESS: Name
    FORMS: FormsLine
    SENDER_ADDRESS: Name
    CONFIGURATION_SET: Name
    OUTCOME_DEADLINE_SECONDS: Annotated[int, Field(ge=1)]


class SendAcknowledgementSettings(_Settings):
    MESSAGES_TABLE: Name
    FORMS: FormsLine
    SENDER_ADDRESS: Name
    ACKNOWLEDGEMENT_CONFIGURATION_SET: Name
    RETENTION_DAYS: Annotated[int, Field(ge=1)]


class ProcessFeedbackSettings(_Settings):
    MESSAGES_TABLE: Name
    CONFIGURATION_SET: Name
    ACKNOWLEDGEMENT_CONFIGURATION_SET: Name
    SENDING_ACCOUNT_ID: Name
    ALERT_TOPIC_ARN: Name
    FORMS: FormsLine


class SweepSettings(_Settings):
    MESSAGES_TABLE: Name
    REVIEW_QUEUE_URL: Name
    OUTCOME_DEADLINE_SECONDS: Annotated[int, Field(ge=1)]
    #: a mail that SES accepted and never spoke of again
    EVENT_DEADLINE_SECONDS: Annotated[int, Field(ge=1)]


class NotifyWebhookSettings(_Settings):
    #: plain HTTP for a receiver on this machine only
    WEBHOOK_URL: Annotated[str, StringConstraints(pattern=r"^(https://|http://127\.0\.0\.1[:/])")]
    #: one, or two with a space between them
    WEBHOOK_SECRET: Annotated[str, StringConstraints(pattern=r"^whsec_")]
    WEBHOOK_QUEUE_URL: Name


@cache
def load(model: type[S]) -> S:
    """Raise ValidationError at the first invocation, naming every missing setting at once."""
    return model.model_validate(dict(os.environ))
