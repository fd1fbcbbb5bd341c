"""Two operators at once, Ctrl-C, kills between steps, and what SQS itself moved into ReviewQueue."""

import json
import signal
import subprocess
import sys
import uuid

import pytest

from ops.review import actions, planning
from ops.review.audit import State, Verb
from ops.review.planning import Intent
from schemas.record import Status
from tests.flow.operator import cli, environment, held, json_of, queued, unique, workbench
from tests.flow.stack import PATIENCE, ROOT, SUBMISSION, LocalStack, until

pytestmark = pytest.mark.xdist_group("stack")


def test_two_operators_at_once_send_each_message_once(stack: LocalStack) -> None:
    marker = unique()
    ids = held(stack, 6, marker)
    command = [sys.executable, "-m", "ops", "dlq", "retry", "--where", f"text={marker}", "--yes", "--json"]
    operators = [
        subprocess.Popen(command, cwd=ROOT, env=environment(stack), stdout=subprocess.PIPE) for _ in range(2)
    ]
    answers = [json.loads(operator.communicate(timeout=PATIENCE)[0]) for operator in operators]
    done = [result["messageId"] for answer in answers for result in answer["results"] if result["done"]]
    assert sorted(done) == sorted(ids)
    for message_id in ids:
        stack.wait_for(message_id, "delivered")
        assert len(stack.mails(message_id)) == 1


def test_ctrl_c_stops_between_messages_and_the_same_command_goes_on(stack: LocalStack) -> None:
    marker = unique()
    ids = held(stack, 4, marker)
    command = [sys.executable, "-u", "-m", "ops", "dlq", "retry", "--where", f"text={marker}", "--yes"]
    with subprocess.Popen(
        [*command, "--rate", "0.05"], cwd=ROOT, env=environment(stack), stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        assert any(line.startswith("done") for line in running.stdout)
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE) == 130
    assert len(json_of(stack, "dlq", "list", "--text", marker)) == 3
    cli(stack, *command[4:])
    for message_id in ids:
        stack.wait_for(message_id, "delivered")
        assert len(stack.mails(message_id)) == 1


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_next_command_finishes_what_a_kill_left_intended(stack: LocalStack, steps: int) -> None:
    killed, other = held(stack, 2, unique())
    bench = workbench(stack)
    record = bench.get(killed)
    assert record
    row = planning.plan(record, Intent(str(uuid.uuid4()), Verb.RETRY, "killed"), bench.now())
    running = actions.steps(bench, row)
    for _ in range(steps):
        next(running)
    running.close()
    assert [row["state"] for row in json_of(stack, "audit", killed)] == [State.INTENDED]
    cli(stack, "dlq", "discard", other, "--reason", "spam", "--yes")
    stack.wait_for(killed, "delivered")
    assert len(stack.mails(killed)) == 1
    assert [row["state"] for row in json_of(stack, "audit", killed)] == [State.DONE]


def test_a_submission_that_sqs_moved_by_itself_is_indexed_and_delivered(stack: LocalStack) -> None:
    bench, marker = workbench(stack), unique()
    message_id = str(uuid.uuid4())
    stack.client("sqs").send_message(
        QueueUrl=bench.deployment.outputs["ReviewQueueUrl"],
        MessageBody=json.dumps(SUBMISSION | {"message": marker}),
        MessageAttributes={
            "messageId": {"DataType": "String", "StringValue": message_id},
            "receivedAt": {"DataType": "String", "StringValue": "not a time"},
        },
    )
    assert message_id in json_of(stack, "dlq", "sweep", "--dry-run")["indexed"]
    assert stack.status(message_id) == "404"
    assert message_id in json_of(stack, "dlq", "sweep")["indexed"]
    assert message_id not in json_of(stack, "dlq", "sweep")["indexed"]
    assert marker in queued(stack)
    cli(stack, "dlq", "retry", "--where", "reason=poison_intake", "--yes")
    stack.wait_for(message_id, "delivered")
    assert len(stack.mails(message_id)) == 1
    assert message_id in until(lambda: json_of(stack, "dlq", "sweep")["removed"], bool)
    assert marker not in queued(stack)


def test_an_event_that_sqs_moved_by_itself_goes_back_to_its_queue(stack: LocalStack) -> None:
    bench = workbench(stack)
    sent = stack.client("sqs").send_message(
        QueueUrl=bench.deployment.outputs["ReviewQueueUrl"], MessageBody='{"eventType":"Delivery","mail":{}}'
    )
    event_id = f"event-{sent['MessageId']}"
    assert event_id in json_of(stack, "dlq", "sweep")["indexed"]
    done = json_of(stack, "dlq", "retry", event_id, "--yes")
    assert done["results"][0]["done"]
    record = bench.get(event_id)
    assert record
    assert (record.status, record.reason) == (Status.DISCARDED, "event_requeued")
    assert event_id not in json_of(stack, "dlq", "sweep")["indexed"]
