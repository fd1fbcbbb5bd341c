"""SES identities, configuration sets and event destinations, and SNS subscriptions."""

import json
import re
from dataclasses import dataclass
from typing import Any

from moto.core.base_backend import BackendDict
from moto.ses.models import ses_backends
from moto.sns.models import sns_backends

from ops.local.cloudformation.resource import Created, Declaration


@dataclass(frozen=True)
class EventDestination:
    """Where SES publishes the events of a configuration set: one SNS topic."""

    name: str
    enabled: bool
    matching_event_types: frozenset[str]
    topic_arn: str


_event_destinations: dict[str, list[EventDestination]] = {}


def event_destinations(configuration_set_name: str) -> list[EventDestination]:
    """The event destinations of a configuration set, [] for one that has none or does not exist."""
    return list(_event_destinations.get(configuration_set_name, []))


def forget_event_destinations() -> None:
    _event_destinations.clear()


def identity(declaration: Declaration) -> Created:
    properties = declaration.properties
    name = properties["EmailIdentity"]
    backend = _backend(ses_backends, declaration)
    configuration_set = properties.get("ConfigurationSetAttributes", {}).get("ConfigurationSetName")
    backend.create_email_identity_v2(name, None, properties.get("DkimSigningAttributes"), configuration_set)
    return Created(name, _dkim_records(name))


def _dkim_records(name: str) -> dict[str, str]:
    """Easy DKIM's three CNAME records, https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html."""
    domain = name.rpartition("@")[2]
    records = {}
    for number in (1, 2, 3):
        token = f"local{number}"
        records[f"DkimDNSTokenName{number}"] = f"{token}._domainkey.{domain}"
        records[f"DkimDNSTokenValue{number}"] = f"{token}.dkim.amazonses.com"
    return records


def configuration_set(declaration: Declaration) -> Created:
    properties = declaration.properties
    _backend(ses_backends, declaration).create_configuration_set_v2(
        declaration.name,
        properties.get("TrackingOptions", {}),
        properties.get("DeliveryOptions", {}),
        properties.get("ReputationOptions", {}),
        properties.get("SendingOptions", {}),
        [],
        properties.get("SuppressionOptions", {}),
        properties.get("VdmOptions", {}),
    )
    return Created(declaration.name)


def event_destination(declaration: Declaration) -> Created:
    configuration_set_name = declaration.properties["ConfigurationSetName"]
    wanted = declaration.properties["EventDestination"]
    if "SnsDestination" not in wanted:
        raise ValueError(
            f"{declaration.logical_id}: only an SnsDestination works locally, not {sorted(wanted)}"
        )
    name = wanted.get("Name", declaration.name)
    made = EventDestination(
        name,
        # Disabled is CloudFormation's default too: an event destination must say Enabled.
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ses-configurationseteventdestination-eventdestination.html
        _boolean(wanted.get("Enabled", False)),
        frozenset(_event_type(event_type) for event_type in wanted["MatchingEventTypes"]),
        wanted["SnsDestination"]["TopicARN"],
    )
    _event_destinations.setdefault(configuration_set_name, []).append(made)
    return Created(f"{configuration_set_name}|{name}", {"Id": name})


def _event_type(spelling: str) -> str:
    """CloudFormation takes "deliveryDelay" as well as SESv2's own "DELIVERY_DELAY"."""
    if spelling[0].isupper():
        return spelling
    return re.sub(r"(?=[A-Z])", "_", spelling).upper()


def subscription(declaration: Declaration) -> Created:
    properties = declaration.properties
    backend = _backend(sns_backends, declaration)
    arn = backend.subscribe(properties["TopicArn"], properties["Endpoint"], properties["Protocol"]).arn
    raw = _boolean(properties.get("RawMessageDelivery", False))
    backend.set_subscription_attributes(arn, "RawMessageDelivery", raw)
    # The scope comes first: moto checks the policy by it.
    for name in ("FilterPolicyScope", "FilterPolicy", "RedrivePolicy", "DeliveryPolicy"):
        if name in properties:
            backend.set_subscription_attributes(arn, name, _text(properties[name]))
    return Created(arn, {"Arn": arn})


def _backend(backends: BackendDict[Any], declaration: Declaration) -> Any:
    return backends[declaration.account][declaration.region]


def _boolean(value: object) -> bool:
    return str(value).lower() == "true"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
