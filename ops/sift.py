"""Takes chosen messages out of a queue and leaves the others in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Seconds in which nobody else gets what is being looked at; a run that dies gives it back by itself.
_LOOKING = 300
#: Read beyond what the queue said it holds, a number that SQS calls approximate.
_MARGIN = 1000
_BATCH = 10


@dataclass(frozen=True)
class Sifted:
    taken: int
    #: messages that somebody else was reading; nobody can look at those
    busy: int


def sift(sqs: Any, queue_url: str, wanted: Callable[[str], bool]) -> Sifted:
    """Delete the messages whose body is wanted.

    For the others this counts as a receive, of which IntakeQueue allows five before it moves a message to review:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    """
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    said = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=names)["Attributes"]
    limit = int(said[names[0]]) + _MARGIN
    others: list[str] = []
    taken = 0
    try:
        # Visitors go on posting meanwhile; without a limit a busy queue would never end.
        while taken + len(others) < limit and (messages := _receive(sqs, queue_url)):
            for message in messages:
                if wanted(message["Body"]):
                    sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
                    taken += 1
                else:
                    others.append(message["ReceiptHandle"])
    finally:
        _give_back(sqs, queue_url, others)
    return Sifted(taken, int(said[names[1]]))


def _receive(sqs: Any, queue_url: str) -> list[dict[str, Any]]:
    # A second of waiting asks all of SQS's servers; none asks some of them only:
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
    answer = sqs.receive_message(
        QueueUrl=queue_url, MaxNumberOfMessages=_BATCH, VisibilityTimeout=_LOOKING, WaitTimeSeconds=1
    )
    found: list[dict[str, Any]] = answer.get("Messages", [])
    return found


def _give_back(sqs: Any, queue_url: str, handles: list[str]) -> None:
    for start in range(0, len(handles), _BATCH):
        entries = [
            {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
            for number, handle in enumerate(handles[start : start + _BATCH])
        ]
        sqs.change_message_visibility_batch(QueueUrl=queue_url, Entries=entries)
