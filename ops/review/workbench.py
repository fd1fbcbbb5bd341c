"""Everything an operator works with, over one deployment: the table, the machine, the queues. The Ledger of actions."""

import getpass
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from botocore.exceptions import ClientError

from handlers import clock
from handlers.core import acceptance, routing, times
from handlers.core.change import Change
from handlers.errors import PermanentSendError
from ops import forms
from ops.deployment import Deployment
from ops.forms import Target
from ops.review import actions, planning
from ops.review.audit import Row, State, Verb
from ops.review.index import Item
from ops.review.planning import Intent, NotAllowedError
from ops.review.queue import ReviewQueue
from ops.review.sweep import Sweep
from ops.review.table import Table
from schemas.forms import Forms, parse
from schemas.record import MessageRecord, Status


@dataclass(frozen=True)
class Workbench:
    """`parameters` are the stack's own: an execution's input must be the one that the starter would give."""

    deployment: Deployment
    parameters: dict[str, str]
    actor: str

    @cached_property
    def table(self) -> Table:
        return Table(self.deployment.client("dynamodb"), self.deployment.outputs["MessagesTableName"])

    def items(self, status: Status = Status.REVIEW) -> list[Item]:
        now = clock.now()
        return [Item(record, now) for record in self.table.records(status)]

    def item(self, message_id: str) -> Item | None:
        record = self.table.get(message_id)
        return Item(record, clock.now()) if record else None

    def act(self, item: Item, intent: Intent) -> State:
        """Raise NotAllowedError if the message is not in a state for it, or cannot go where it should."""
        undone = self.closing_row(item.record) if intent.verb is Verb.UNDO else None
        target = self._target(item.record, intent)
        planned = planning.plan(item.record, intent, clock.now(), undone=undone, target=target)
        return actions.perform(self, planned)

    @cached_property
    def forms(self) -> Forms:
        # A stack of an older version has no such parameter.
        return parse(self.parameters.get("Forms", ""))

    @property
    def recipients(self) -> list[str]:
        """Every address that mail to an owner may go to."""
        outputs = self.deployment.outputs
        return outputs.get("Recipients", outputs["OwnerAddress"]).split(",")

    def recipient(self, record: MessageRecord) -> str:
        """Where its next attempt goes unless the operator names another address; empty if it has nowhere to go."""
        try:
            return routing.recipient(self.forms, record, self.deployment.outputs["OwnerAddress"])
        except PermanentSendError:
            return ""

    def _target(self, record: MessageRecord, intent: Intent) -> Target | None:
        """What the intent's address is to the message; None: it names none."""
        if not intent.to:
            if intent.verb in (Verb.RETRY, Verb.DELIVER) and not forms.has(self.forms, record):
                raise NotAllowedError(
                    f"the stack has no form {record.form}: say --to which address it shall go"
                )
            return None
        found = forms.target(self.forms, self.deployment.outputs["OwnerAddress"], record, intent.to)
        if found is None:
            raise NotAllowedError("the address is none of its form's: owner or fallback")
        return found

    def closing_row(self, record: MessageRecord) -> Row | None:
        """The last action on the message, if it closed it."""
        prefix = planning.timeline_key("")
        told = [(entry.at, key) for key, entry in record.events.items() if key.startswith(prefix)]
        row = self.table.audit_row(max(told)[1].removeprefix(prefix)) if told else None
        return row if row and row.verb in (Verb.RESOLVE, Verb.DISCARD) else None

    def finish_intended(self) -> list[tuple[Row, State]]:
        """Carry on what a crash left behind, whoever began it; each row with what came of it."""
        rows = list(self.table.audit_rows(State.INTENDED))
        return [(row, self._finish(row)) for row in rows]

    def _finish(self, row: Row) -> State:
        if row.before is None:
            # UNSUPPRESS's address is not in the audit, REFIRE's alert still in its queue; asking again is harmless.
            self.table.complete_audit(row.actionId, State.REFUSED, times.iso(clock.now()))
            return State.REFUSED
        return actions.perform(self, row)

    def review_depth(self) -> int:
        """Messages in ReviewQueue, told by its attributes: nothing is received."""
        return self.deployment.depth("ReviewQueueUrl")

    def sweeping(self, *, dry_run: bool = False) -> Sweep:
        queue = ReviewQueue(self.deployment.client("sqs"), self.deployment.outputs["ReviewQueueUrl"])
        return Sweep(queue, self.table, int(self.parameters["RetentionDays"]), clock.now(), dry_run=dry_run)

    # What follows is actions.Ledger.

    def get(self, message_id: str) -> MessageRecord | None:
        return self.table.get(message_id)

    def put_audit(self, row: Row) -> Row | None:
        return self.table.put_audit(row)

    def complete_audit(self, action_id: str, state: State, at: str) -> None:
        self.table.complete_audit(action_id, state, at)

    def change(self, change: Change) -> MessageRecord:
        return self.table.change(change)

    def start(self, message_id: str, name: str) -> None:
        """By the operator and not by IntakeQueue: a message there, repeated, would retry a later review too."""
        given = acceptance.workflow_input(
            message_id,
            int(self.parameters["OutcomeDeadlineSeconds"]),
            acknowledge=self.parameters["Acknowledgement"] == "on",
        )
        machine = self.deployment.outputs["DeliveryStateMachineArn"]
        try:
            self.deployment.client("stepfunctions").start_execution(
                stateMachineArn=machine, name=name, input=given.model_dump_json()
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExecutionAlreadyExists":
                raise

    def queue_review(self, message_id: str, reason: str) -> None:
        body = acceptance.review_message(message_id, reason).model_dump_json()
        self._send("ReviewQueueUrl", body)

    def queue_event(self, body: str) -> None:
        self._send("EventsQueueUrl", body)

    def now(self) -> datetime:
        return clock.now()

    def _send(self, output: str, body: str) -> None:
        self.deployment.client("sqs").send_message(QueueUrl=self.deployment.outputs[output], MessageBody=body)


def over(deployment: Deployment, stack: str) -> Workbench:
    """The workbench on a stack, with its own parameters. Raises ClientError and BotoCoreError."""
    [described] = deployment.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    parameters = {given["ParameterKey"]: given["ParameterValue"] for given in described["Parameters"]}
    return Workbench(deployment, parameters, _actor(deployment))


def _actor(deployment: Deployment) -> str:
    """Who the audit names: the caller's ARN in an account, the login here."""
    if deployment.endpoint:
        return f"{getpass.getuser()}@this-machine"
    arn: str = deployment.client("sts").get_caller_identity()["Arn"]
    return arn
