"""IntakeQueue → one record and one execution per message. What cannot be delivered is held for a person."""

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from handlers import aws, batch, clock
from handlers.core import acceptance, caps, intake
from handlers.core.intake import Accepted, Redriven
from handlers.core.pacing import Pacer
from handlers.core.screening import Rules
from handlers.errors import ConditionFailedError
from handlers.ports import Clock, Cloud
from handlers.settings import StartDeliverySettings, load
from handlers.telemetry import count, reported
from schemas.intake import IntakeAttributes
from schemas.record import MessageRecord, Status

_pacers: dict[float, Pacer] = {}


@reported
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return batch.each(event, _start, context)


def _start(record: SQSRecord) -> None:
    settings = load(StartDeliverySettings)
    interval = settings.STARTER_CONCURRENCY / settings.SES_SEND_RATE
    attributes = IntakeAttributes.model_validate(
        {name: value.string_value or "" for name, value in record.message_attributes.items()}
    )
    pacer = _pacers.setdefault(interval, Pacer(interval))
    Starter(settings, aws, clock, pacer).start(record.body, attributes)


@dataclass(frozen=True)
class Starter:
    """Reads a message, puts its record, starts its execution. Raises what SQS should deliver again for."""

    settings: StartDeliverySettings
    cloud: Cloud
    clock: Clock
    pacer: Pacer

    def start(self, body: str, attributes: IntakeAttributes) -> None:
        rules = Rules(
            minimum_fill_milliseconds=self.settings.MINIMUM_FILL_MILLISECONDS,
            require_proof_of_work=self.settings.REQUIRE_PROOF_OF_WORK,
            allowed_origin=self.settings.ALLOWED_ORIGIN,
            content_score_limit=self.settings.CONTENT_SCORE_LIMIT,
            form_origins={form.id: form.origin for form in self.settings.FORMS},
        )
        match intake.read(body, attributes, rules, self.clock.now()):
            case Redriven(message_id):
                self._redrive(message_id)
            case Accepted() as accepted:
                self._accept(accepted)

    def _accept(self, accepted: Accepted) -> None:
        record = acceptance.record(accepted, self.settings.RETENTION_DAYS, self.clock.now())
        there = self._put(record)
        # A forgotten record knows its content no more; what comes again for it would bring the person back.
        if there and there.contentHash not in ("", record.contentHash):
            # Another content under an id already taken: both are kept, under two ids.
            second = intake.second_id(record.messageId, record.contentHash)
            record = record.model_copy(update={"messageId": second})
            count("id_reused", messageId=second)
            there = self._put(record)
        if there:
            count("duplicate", messageId=there.messageId)
            self._go_on(there)
        else:
            self._go_on(self._counted(record, accepted.sender))

    def _counted(self, record: MessageRecord, sender: str) -> MessageRecord:
        """The record after counting it, in review if it is above a daily cap."""
        if record.status is not Status.QUEUED:
            return record
        table, now = self.settings.MESSAGES_TABLE, self.clock.now()
        limits = self.settings.ADDRESS_DAILY_CAP, self.settings.RECIPIENT_DAILY_CAP
        for cap in caps.of(sender, record.form, *limits, now):
            if self.cloud.count_up(table, cap.key, cap.limit, cap.expires_at):
                continue
            try:
                return self.cloud.change_record(table, caps.hold(record, cap.reason, now))
            except ConditionFailedError as other:
                return other.record or record
        return record

    def _put(self, record: MessageRecord) -> MessageRecord | None:
        """The record that was there already, if one was."""
        try:
            self.cloud.put_record(self.settings.MESSAGES_TABLE, record)
        except ConditionFailedError as refused:
            if refused.record is None:
                raise
            return refused.record
        return None

    def _redrive(self, message_id: str) -> None:
        held = self.cloud.get_record(self.settings.MESSAGES_TABLE, message_id)
        if held is None:
            held = self.cloud.get_record(self.settings.MESSAGES_TABLE, acceptance.message_of(message_id))
        if held is None:
            count("redriven_unknown", messageId=message_id)
            return
        if held.status is Status.REVIEW:
            try:
                held = self.cloud.change_record(
                    self.settings.MESSAGES_TABLE, acceptance.redrive(held, self.clock.now())
                )
            except ConditionFailedError as other:
                held = other.record or held
        self._go_on(held)

    def _go_on(self, record: MessageRecord) -> None:
        """Do what the record says. Repeating it is harmless: a crash before this is mended by redelivery."""
        if record.status is Status.REVIEW:
            review = acceptance.review_message(record.messageId, record.reason)
            self.cloud.queue_review(self.settings.REVIEW_QUEUE_URL, review)
            count("held", messageId=record.messageId, reason=record.reason)
        if record.status is not Status.QUEUED:
            return
        self.clock.sleep(self.pacer.wait(self.clock.monotonic()))
        started = self.cloud.start_execution(
            self.settings.DELIVERY_STATE_MACHINE_ARN,
            acceptance.execution_name(record.messageId, record.replays),
            acceptance.workflow_input(
                record.messageId,
                self.settings.OUTCOME_DEADLINE_SECONDS,
                acknowledge=self.settings.ACKNOWLEDGEMENT == "on",
            ),
        )
        count("started" if started else "already_started", messageId=record.messageId)
