"""Logs and counters. Ids, statuses and error codes only: never an address, never a word of the message."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

logger = Logger(utc=True, log_uncaught_exceptions=False)
metrics = Metrics()


def count(name: str, **fields: str) -> None:
    """Count one `name` and log it with the fields that say which."""
    metrics.add_metric(name=name, unit=MetricUnit.Count, value=1)
    logger.info(name, extra=fields)
