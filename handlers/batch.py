"""A batch from SQS, each record on its own: what failed comes again, and the rest does not."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers.telemetry import count

# A record fails alone: raising for a batch of one would count as a function error.
_processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


def each(
    event: dict[str, Any], process: Callable[[SQSRecord], None], context: LambdaContext
) -> PartialItemFailureResponse:
    """Count the records that SQS will deliver again. Their text stays out of the log, and so does the traceback."""
    answer = process_partial_response(event, process, _processor, context)
    for kind, _value, _traceback in _processor.exceptions:
        count("record_failed", error=kind.__name__ if kind else "unknown")
    return answer
