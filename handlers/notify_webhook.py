"""WebhookQueue → one signed POST per alert; SQS brings back what failed, ever later, and gives up after 15 tries."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import aws, batch, clock, webhook_call
from handlers.core import alert, webhook
from handlers.errors import NotTakenError
from handlers.ports import Clock, Receiver, Waiting
from handlers.settings import NotifyWebhookSettings, load
from handlers.telemetry import count, reported


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return batch.each(event, _process, context)


def _process(record: SQSRecord) -> None:
    tries = int(record.attributes.approximate_receive_count)
    Notifier(load(NotifyWebhookSettings), aws, webhook_call, clock).notify(
        record.body, record.receipt_handle, tries
    )


@dataclass(frozen=True)
class Notifier:
    settings: NotifyWebhookSettings
    queue: Waiting
    receiver: Receiver
    clock: Clock

    def notify(self, body: str, receipt_handle: str, tries: int) -> None:
        """Raise NotTakenError if SQS should bring it again."""
        try:
            told = alert.read(body)
        except alert.NotAnAlertError:
            count("webhook_ignored", reason="not_an_alert")
            return
        content = webhook.body(told)
        # The time is the try's, the id the alert's: receivers refuse what is old, and know what comes again.
        headers = webhook.headers(
            told.id, int(self.clock.now().timestamp()), content, self.settings.WEBHOOK_SECRET
        )
        answer = self.receiver.post(self.settings.WEBHOOK_URL, headers, content)
        if not answer.problem:
            count("webhook_taken", alertId=told.id)
            return
        count("webhook_failed", alertId=told.id, reason=answer.problem, tries=str(tries))
        seconds = webhook.wait(tries, told.id, answer.retry_after)
        self.queue.hide(self.settings.WEBHOOK_QUEUE_URL, receipt_handle, seconds)
        raise NotTakenError(answer.problem)
