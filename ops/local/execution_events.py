"""EventBridge's event for an execution that has ended, which moto does not send."""

import time
from typing import Any

from moto.events.models import events_backends

from ops.local.patches import executions


def publish() -> None:
    """From now on, give the end of every execution to the rules of the default event bus."""
    if publish_end not in executions.ended:
        executions.ended.append(publish_end)


def publish_end(execution: Any) -> None:
    backend = events_backends[execution.account_id][execution.region_name]
    for rule in list(backend.describe_event_bus("default").rules.values()):
        # A rule without a pattern has a schedule instead; moto would send it every event.
        if rule.state == "ENABLED" and rule.event_pattern.get_pattern():
            # Each rule gets its own: moto's targets change the event in place.
            rule.send_to_targets(event(execution))


def event(execution: Any) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html."""
    return {
        "version": "0",
        "id": execution.name,
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": execution.account_id,
        "time": time.time(),
        "region": execution.region_name,
        "resources": [execution.exec_arn],
        "detail": {
            "executionArn": execution.exec_arn,
            "stateMachineArn": execution.state_machine_arn,
            "name": execution.name,
            "status": execution.status,
            "startDate": int(execution.start_date.timestamp() * 1000),
            "stopDate": int(execution.stop_date.timestamp() * 1000),
            "input": execution.execution_input,
            "inputDetails": {"included": True},
            "output": None,
            "outputDetails": None,
            "error": execution.error,
            "cause": execution.cause,
        },
    }
