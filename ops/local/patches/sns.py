"""SNS: a topic keeps every message it has published, for tests to look at; here that is a leak."""

from typing import Any

from moto.moto_api._internal import mock_random
from moto.sns.models import Topic


def apply() -> None:
    Topic.publish = publish


def publish(topic: Topic, message: str, **details: Any) -> str:
    message_id = str(mock_random.uuid4())
    for subscription in list(topic.sns_backend.subscriptions.values()):
        if subscription.topic is topic:
            subscription.publish(message, message_id, **details)
    return message_id
