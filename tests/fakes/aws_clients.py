"""The functions' clients, each made once in a process."""

from handlers import settings
from handlers.aws import clients

CLIENTS = (clients.dynamodb, clients.stepfunctions, clients.sqs, clients.sns, clients.ses)


def forget() -> None:
    """Settings and clients are made anew, of the environment as it is then."""
    for cached in (settings.load, *CLIENTS):
        cached.cache_clear()
