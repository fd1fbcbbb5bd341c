"""Limits that a message meets on its way: AWS's quotas with their source, and this stack's own settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_READ = "2026-11-24"


@dataclass(frozen=True)
class Quota:
    """`rate` units a second, `bucket` units at once; a message needs `each` units."""

    name: str
    rate: float
    bucket: float
    each: float
    source: str
    #: what to do when it binds
    remedy: str
    read: str = field(default=_READ)

    @property
    def messages(self) -> float:
        """Messages a second that it lets through for good."""
        return self.rate / self.each


@dataclass(frozen=True)
class Settings:
    """What a deployer chooses; the defaults of template.yaml are `from_template`."""

    throttle_rate: float
    throttle_burst: float
    ses_rate: float
    starters: int
    feedback: int


def from_template(template: Mapping[str, Any]) -> Settings:
    parameters = {
        name: given["Default"] for name, given in template["Parameters"].items() if "Default" in given
    }
    followers = template["Resources"]["ProcessFeedbackFunction"]["Properties"]["Events"]["Events"][
        "Properties"
    ]
    return Settings(
        throttle_rate=parameters["ThrottleRate"],
        throttle_burst=parameters["ThrottleBurst"],
        ses_rate=parameters["SesSendRate"],
        starters=int(template["Mappings"]["StartDelivery"]["Concurrency"]["Maximum"]),
        feedback=followers["ScalingConfig"]["MaximumConcurrency"],
    )


_SES = "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas.html"
_STARTERS = "template.yaml, Mappings, StartDelivery: Concurrency"
_FOLLOWERS = "template.yaml, ProcessFeedbackFunction: MaximumConcurrency"
#: Guess: StartDelivery's four calls for a message, one after the other: record, two counters, execution.
_START_SECONDS = 0.06
#: Guess: ProcessFeedback's one write for an event.
_EVENT_SECONDS = 0.015
#: Guess: SendEmail: a claim, SES, the outcome.
_SEND_SECONDS = 0.25
_EVENTS = 2
#: Write units of a message that land on the index's one key "sent": it comes, is touched, and goes.
_SENT_KEY_UNITS = 4

_SFN = "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"
_API = "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
_PARTITION = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"


def intake(settings: Settings) -> list[Quota]:
    """Beyond these a visitor gets a 429 and is asked to try again; nothing was accepted."""
    return [
        Quota(
            "API Gateway, the account", 10_000, 5_000, 1, _API, "Service Quotas L-8A5B8E43, or another Region"
        ),
        Quota(
            "ThrottleRate",
            settings.throttle_rate,
            settings.throttle_burst,
            1,
            "template.yaml",
            "the parameter ThrottleRate",
        ),
    ]


def delivery(settings: Settings, transitions: int) -> list[Quota]:
    """Beyond these a message waits, in IntakeQueue or in Step Functions; in the order of its way."""
    starts = settings.starters / _START_SECONDS
    followed = settings.feedback / _EVENT_SECONDS
    sends = 1_000 / _SEND_SECONDS
    return [
        # StartDelivery keeps this pace (handlers/core/pacing.py), so that nothing further on meets SES's limit.
        Quota(
            "SES, the account's rate",
            settings.ses_rate,
            settings.starters,
            1,
            _SES,
            "ask SES, then SesSendRate",
        ),
        Quota("StartDelivery's environments", starts, settings.starters, 1, "template.yaml", _STARTERS),
        Quota("StartExecution", 300, 1_300, 1, _SFN, "Service Quotas, or more accounts or Regions"),
        Quota("state transitions", 1_500, 5_000, transitions, _SFN, "Service Quotas, or Express workflows"),
        Quota("Lambda, the account", sends, 1_000, 1, _LAMBDA, "Service Quotas L-B99A9384"),
        Quota(
            "DynamoDB, one key of byStatus",
            1_000,
            1_000,
            _SENT_KEY_UNITS,
            _PARTITION,
            "no quota: shard the key",
        ),
        Quota(
            "ProcessFeedback's environments",
            followed,
            settings.feedback,
            _EVENTS,
            "template.yaml",
            _FOLLOWERS,
        ),
    ]
