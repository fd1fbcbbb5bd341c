"""Step Functions Standard: one execution per name, tasks that may run on unseen, and what EventBridge hears of it.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from handlers.errors import ConditionFailedError
from schemas.workflow import WorkflowInput
from tests.simulation import expressions
from tests.simulation.asl import TASK_TIMEOUT, ExecutionFailedError, Interpreter, TaskError
from tests.simulation.cloud import CrashError, TimedOutError
from tests.simulation.scheduler import Task

if TYPE_CHECKING:
    from tests.simulation.world import World

DEFINITION: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "statemachine" / "delivery.asl.json").read_text(encoding="utf-8")
)
_SEND_EMAIL_SECONDS = 30


@dataclass
class Execution:
    input: str
    status: Literal["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] = "RUNNING"
    task: Task | None = None


@dataclass
class Executions:
    world: "World"
    by_name: dict[str, Execution] = field(default_factory=dict)
    _invocations: Counter[str] = field(default_factory=Counter)
    _machine: Interpreter = field(init=False)

    def __post_init__(self) -> None:
        self._machine = Interpreter(DEFINITION, self.world.scheduler, self.world.clock, self._service)

    def start(self, name: str, workflow_input: WorkflowInput) -> bool:
        """As handlers.aws.start_execution: False for a name that is taken by a closed or another execution."""
        text = workflow_input.model_dump_json()
        there = self.by_name.get(name)
        if there:
            return there.status == "RUNNING" and there.input == text
        execution = self.by_name[name] = Execution(text)
        execution.task = self.world.scheduler.spawn(lambda: self._run(name, execution))
        self.world.scheduler.after(
            DEFINITION["TimeoutSeconds"], lambda: self._end(name, execution, "TIMED_OUT")
        )
        if self.world.chance() < self.world.faults.abort:
            seconds = self.world.chance() ** 3 * 4000
            self.world.scheduler.after(seconds, lambda: self._end(name, execution, "ABORTED"))
        return True

    def _run(self, name: str, execution: Execution) -> None:
        try:
            self._machine.run(json.loads(execution.input))
        except ExecutionFailedError as error:
            self.world.tell(f"execution {name} fails: {error}")
            self._end(name, execution, "FAILED")
        else:
            execution.status = "SUCCEEDED"

    def _end(
        self, name: str, execution: Execution, status: Literal["FAILED", "TIMED_OUT", "ABORTED"]
    ) -> None:
        """Close it. A function that it invoked runs on; EventBridge tells the review queue, see FailedExecutionRule."""
        if execution.status != "RUNNING" or execution.task is None:
            return
        execution.status = status
        execution.task.dead = status != "FAILED"
        self.world.tell(f"execution {name} is {status}")
        body = json.dumps({"messageId": name, "reason": status})
        self.world.scheduler.after(self.world.chance() * 10, lambda: self.world.review.put(body))

    def _service(self, resource: str, parameters: dict[str, Any], seconds: float) -> None:
        self.world.scheduler.pause(0.01 + self.world.chance() * 0.05)
        match resource.removeprefix("arn:aws:states:::"):
            case "lambda:invoke":
                self._invoke(parameters["Payload"]["messageId"], seconds)
            case "dynamodb:updateItem":
                self._integration("DynamoDB.ThrottlingException", lambda: self._update_item(parameters))
            case "sqs:sendMessage":
                body = json.dumps(parameters["MessageBody"])
                self._integration("Sqs.SqsException", lambda: self.world.review.put(body))
            case "sns:publish":
                alerts = self.world.table.alerts
                self._integration("Sns.SnsException", lambda: alerts.append(parameters["Message"]))
            case _:
                raise NotImplementedError(resource)

    def _integration(self, error: str, effect: Any) -> None:
        """A call that Step Functions makes itself: refused, unread or done, and never near its time limit."""
        world = self.world
        if world.chance() < world.faults.throttle:
            raise TaskError(error)
        effect()
        world.scheduler.pause(0.01)
        if world.chance() < world.faults.lost_reply:
            raise TaskError(error)

    def _update_item(self, call: dict[str, Any]) -> None:
        message_id = call["Key"]["pk"]["S"].removeprefix("MSG#")
        items = self.world.table.items
        try:
            items[message_id] = expressions.update(items.get(message_id), call)
        except ConditionFailedError:
            raise TaskError("DynamoDB.ConditionalCheckFailedException") from None
        self.world.tell(f"RecordReview of {message_id}")

    def _invoke(self, message_id: str, seconds: float) -> None:
        """Invoke SendEmail. Step Functions may lose sight of a function that goes on running, or wait no longer."""
        world = self.world
        self._invocations[message_id] += 1
        who = f"send-{message_id}-{self._invocations[message_id]}"
        errors: list[str] = []
        running = world.scheduler.spawn(lambda: self._function(message_id, who, errors))
        if world.chance() < world.faults.invoke:
            patience = world.chance() ** 2 * 3
            if not world.scheduler.wait(running, patience):
                world.tell(f"{who} is lost sight of")
                raise TaskError(world.pick(("Lambda.ServiceException", "Lambda.SdkClientException")))
        elif not world.scheduler.wait(running, seconds):
            world.tell(f"{who} is not waited for any longer")
            raise TaskError(TASK_TIMEOUT)
        if errors:
            raise TaskError(errors[0])

    def _function(self, message_id: str, who: str, errors: list[str]) -> None:
        world = self.world
        cloud, clock = world.process(who, _SEND_EMAIL_SECONDS)
        try:
            status = world.sender(cloud, clock).send(message_id, who)
        except TimedOutError:
            errors.append("Sandbox.Timedout")
        except CrashError:
            errors.append(world.pick(("Lambda.Unknown", "Runtime.ExitError")))
        except Exception as error:  # noqa: BLE001 - Lambda reports whatever a function raises by its class name
            world.tell(f"{who} raises {type(error).__name__}: {error}")
            errors.append(type(error).__name__)
        else:
            world.tell(f"{who} returns {status}")
