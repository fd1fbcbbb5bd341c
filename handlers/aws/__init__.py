"""The only package that talks to AWS: one short function per call we make. As a whole it is handlers.ports.Cloud."""

from handlers.aws.mail import send_mail
from handlers.aws.messaging import hide, publish, queue_review, start_execution
from handlers.aws.table import (
    change_record,
    count_up,
    get_record,
    has_marker,
    put_marker,
    put_record,
    unchanged_since,
)

__all__ = [
    "change_record",
    "count_up",
    "get_record",
    "has_marker",
    "hide",
    "publish",
    "put_marker",
    "put_record",
    "queue_review",
    "send_mail",
    "start_execution",
    "unchanged_since",
]
