"""Shows one of moto's faults in a process without this project's patches; prints what was seen as JSON.

A test that fails here says that upstream has mended the fault: the patch can go.
"""

import datetime as dt
import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import boto3
from moto import mock_aws
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.table import Table
from moto.events.utils import EventTemplateParser
from moto.sns.models import sns_backends
from moto.sqs.models import Message, sqs_backends
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.boto_client import boto_client_for
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from moto.stepfunctions.parser.utils import TMP_THREADS

ACCOUNT, REGION = "123456789012", "us-east-1"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
PASS = json.dumps(
    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"now.$": "$$"}, "End": True}}}
)


def kept_instances() -> bool:
    message = Message("id", "body")
    return any(message is kept for kept in Message.instances_tracked)


def kept_publications() -> int:
    topic = sns_backends[ACCOUNT][REGION].create_topic("t")
    topic.publish("kept")
    return len(topic.sent_notifications)


def scans_to_send() -> int:
    """How often one send looks at the messages already there."""
    backend = sqs_backends[ACCOUNT][REGION]
    backend.create_queue("q")
    looks: list[Message] = []
    delayed = Message.delayed.fget

    def looked(message: Message) -> bool:
        looks.append(message)
        return bool(delayed(message))

    Message.delayed = property(looked)
    backend.send_message("q", "first")
    looks.clear()
    backend.send_message("q", "second")
    return len(looks)


def unlocked_receive() -> int:
    """Deliveries of one message to two receivers, the second of which comes while the first marks it."""
    backend = sqs_backends[ACCOUNT][REGION]
    backend.create_queue("q")
    backend.send_message("q", "once")
    mark = Message.mark_received
    seen: list[Any] = []

    def interrupted(message: Message, **named: Any) -> None:
        Message.mark_received = mark
        seen.extend(backend.receive_message("q", 1, 0, 30))
        mark(message, **named)

    Message.mark_received = interrupted
    seen.extend(backend.receive_message("q", 1, 0, 30))
    return len(seen)


def winners_of_one_condition() -> int:
    """Two conditional puts of one key, the second of which comes between the first's check and write."""
    boto3.client("dynamodb", REGION).create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    backend: DynamoDBBackend = dynamodb_backends[ACCOUNT][REGION]
    won = []
    get_item = Table.get_item

    def put() -> None:
        backend.put_item("t", {"pk": {"S": "1"}}, condition_expression="attribute_not_exists(pk)")
        won.append(1)

    def interrupted(table: Table, *key: Any) -> Any:
        found = get_item(table, *key)
        Table.get_item = get_item
        second = threading.Thread(target=put)
        second.start()
        second.join(2)
        return found

    Table.get_item = interrupted
    put()
    return len(won)


def executions() -> dict[str, Any]:
    backend = stepfunctions_parser_backends[ACCOUNT][REGION]
    machine = backend.create_state_machine("m", PASS, ROLE)
    before = len(TMP_THREADS)
    execution = backend.start_execution(machine.arn, None, "{}")
    while execution.status == "RUNNING":
        time.sleep(0.01)
    now = execution.output["now"]
    return {
        "name": str(execution.name),
        "a name with a slash starts": backend.start_execution(machine.arn, "a/b", "{}") is not None,
        "StartTime is JSON": not isinstance(now["Execution"]["StartTime"], dt.datetime),
        "EnteredTime ends in Z": now["State"]["EnteredTime"].endswith("Z"),
        "threads kept": len(TMP_THREADS) > before,
    }


def interpreter() -> dict[str, Any]:
    names = state_task_service_aws_sdk.StateTaskServiceAwsSdk
    return {
        "sesv2": names._normalise_service_error_name("sesv2"),  # noqa: SLF001 - what the patch extends
        "one client for all tasks": boto_client_for(REGION, "sqs") is boto_client_for(REGION, "sqs"),
        "one parse for all executions": AmazonStateLanguageParser.parse(PASS)
        is AmazonStateLanguageParser.parse(PASS),
    }


def invocation() -> str:
    client = boto3.client("iam", REGION)
    role = client.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    lambda_client: Any = boto3.client("lambda", REGION)
    lambda_client.create_function(
        FunctionName="f", Role=role, Code={"ZipFile": b"x"}, Runtime="python3.13", Handler="a.b"
    )
    answer: bytes = lambda_client.invoke(FunctionName="f", Payload=b'{"echo": 1}')["Payload"].read()
    return answer.decode()


def transformer() -> str:
    """What becomes of a text that stands outside of quotes in an input transformer's template."""
    try:
        return str(
            EventTemplateParser.parse('{"id": <id>}', {"id": "$.id"}, {"id": "x", "ingestion-time": 0})
        )
    except ValueError as error:
        return type(error).__name__


FAULTS: dict[str, Callable[[], Any]] = {
    "instances": kept_instances,
    "publications": kept_publications,
    "scans": scans_to_send,
    "receive": unlocked_receive,
    "condition": winners_of_one_condition,
    "executions": executions,
    "interpreter": interpreter,
    "invocation": invocation,
    "transformer": transformer,
}

if __name__ == "__main__":
    config: Any = {"stepfunctions": {"execute_state_machine": True}, "lambda": {"use_docker": False}}
    with mock_aws(config=config):
        sys.stdout.write(json.dumps(FAULTS[sys.argv[1]]()))
