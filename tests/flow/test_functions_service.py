"""The Lambda service of a stack in moto: real queues, real children."""

import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from ops.local import cloud
from ops.local.functions.service import Service, from_stack
from ops.local.patches import invoke
from tests.fakes.lambda_code import DEADLINE, eventually

# Records every event; fails the messages whose body is "fail" the first time they come.
SOURCE = """
import json, os, time
def handler(event, context):
    with open(os.environ["EVENTS"], "a") as file:
        print(json.dumps(event), file=file)
    while "until" in event and not os.path.exists(event["until"]):
        time.sleep(0.01)
    if "boom" in event:
        raise ValueError(event["boom"])
    failed = [
        {"itemIdentifier": r["messageId"]}
        for r in event.get("Records", [])
        if r["body"] == "fail" and r["attributes"]["ApproximateReceiveCount"] == "1"
    ]
    return {"batchItemFailures": failed}
"""


@pytest.fixture
def events(tmp_path: Path) -> Path:
    (tmp_path / "code_under_test.py").write_text(SOURCE)
    return tmp_path / "events"


@pytest.fixture
def service(tmp_path: Path, events: Path) -> Iterator[Service]:
    """Two mappings of the same function: `intake`, with partial batches, and `dead`, its dead-letter queue."""
    running = cloud.start()
    _create_function(events)
    dead = _create_queue("dead", {})
    redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": 1})
    for arn in (
        _create_queue("intake", {"VisibilityTimeout": "2"}),
        _create_queue("once", {"RedrivePolicy": redrive}),
        dead,
    ):
        _create_mapping(arn)
    service = from_stack(
        code=tmp_path, endpoint="http://127.0.0.1:9", logs=tmp_path, concurrency=2, give_way=int
    )
    yield service
    service.stop()
    running.stop()


def test_a_message_arrives_as_lambda_documents_it_and_is_deleted(service: Service, events: Path) -> None:
    client = boto3.client("sqs")
    sent = client.send_message(
        QueueUrl=_url("intake"),
        MessageBody="é",
        MessageAttributes={"messageId": {"DataType": "String", "StringValue": "m1"}},
    )
    service.start()
    [record] = _records(events, 1)
    attributes = record.pop("attributes")
    assert record.pop("receiptHandle")
    assert record == {
        "messageId": sent["MessageId"],
        "body": "é",
        "messageAttributes": {
            "messageId": {
                "stringValue": "m1",
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": "String",
            }
        },
        "md5OfBody": sent["MD5OfMessageBody"],
        "md5OfMessageAttributes": sent["MD5OfMessageAttributes"],
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:intake",
        "awsRegion": "us-east-1",
    }
    assert attributes["ApproximateReceiveCount"] == "1"
    assert attributes["SentTimestamp"] <= attributes["ApproximateFirstReceiveTimestamp"]
    assert attributes["SenderId"]
    eventually(lambda: _left("intake") == 0)


def test_only_a_failed_message_comes_back_after_the_visibility_timeout(
    service: Service, events: Path
) -> None:
    service.functions["under-test"].invoke(b"{}")  # a start is slower than the visibility timeout may be
    for body in ("fail", "good", "better"):
        boto3.client("sqs").send_message(QueueUrl=_url("intake"), MessageBody=body)
    service.start()
    records = _records(events, 4)
    assert sorted(record["body"] for record in records[:3]) == ["better", "fail", "good"]
    assert records[3]["body"] == "fail"
    assert records[3]["attributes"]["ApproximateReceiveCount"] == "2"
    eventually(lambda: _left("intake") == 0)


def test_no_batch_is_taken_while_many_invocations_wait_for_an_environment(
    service: Service, events: Path, tmp_path: Path
) -> None:
    boto3.client("sqs").send_message(QueueUrl=_url("intake"), MessageBody="later")
    gate = tmp_path / "gate"
    call = json.dumps({"until": str(gate)})
    ready = threading.Barrier(21)

    def invoke_it() -> None:
        ready.wait()
        service.invoke("under-test", None, call, {}, {})

    with ThreadPoolExecutor(20) as callers:
        waiting = [callers.submit(invoke_it) for _ in range(20)]
        ready.wait()
        eventually(lambda: events.exists() and events.read_text().count("until") == 2)
        service.start()
        # Longer than a poller takes to receive what is there.
        time.sleep(0.3)
        depth = boto3.client("sqs").get_queue_attributes(QueueUrl=_url("intake"), AttributeNames=["All"])
        gate.touch()
        for each in waiting:
            each.result()
    assert depth["Attributes"]["ApproximateNumberOfMessages"] == "1"
    [record] = _records(events, 1)
    assert record["body"] == "later"


def test_a_message_moved_to_the_dead_letter_queue_names_where_it_was(service: Service, events: Path) -> None:
    client = boto3.client("sqs")
    client.send_message(QueueUrl=_url("once"), MessageBody="good")
    client.receive_message(QueueUrl=_url("once"), VisibilityTimeout=0)
    service.start()
    [record] = _records(events, 1)
    assert record["eventSourceARN"].endswith(":dead")
    assert record["attributes"]["DeadLetterQueueSourceArn"] == "arn:aws:sqs:us-east-1:123456789012:once"


def test_the_functions_are_configured_as_the_stack_says(service: Service, tmp_path: Path) -> None:
    configuration = service.functions["under-test"].configuration
    assert configuration.arn == "arn:aws:lambda:us-east-1:123456789012:function:under-test"
    assert (configuration.runtime, configuration.handler) == ("python3.13", "code_under_test.handler")
    assert (configuration.timeout, configuration.memory, configuration.concurrency) == (20.0, 256, 2)
    assert configuration.environment == {"EVENTS": str(tmp_path / "events")}


@pytest.mark.parametrize(
    "name", ["under-test", "arn:aws:lambda:us-east-1:123456789012:function:under-test", "under-test:$LATEST"]
)
def test_the_invoke_api_runs_the_function(service: Service, name: str) -> None:
    invoke.register(service.invoke)
    client = boto3.client("lambda")
    answer = client.invoke(FunctionName=name, Payload=b'{"a": 1}')
    assert "FunctionError" not in answer
    assert json.load(answer["Payload"]) == {"batchItemFailures": []}
    answer = client.invoke(FunctionName=name, Payload=b'{"boom": "why"}')
    assert answer["FunctionError"] == "Unhandled"
    assert json.load(answer["Payload"])["errorMessage"] == "why"


def test_the_invoke_api_knows_no_other_function(service: Service) -> None:
    invoke.register(service.invoke)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        boto3.client("lambda").invoke(FunctionName="another")


def test_the_invoke_api_refuses_what_lambda_refuses(service: Service) -> None:
    invoke.register(service.invoke)
    with pytest.raises(ClientError, match="RequestTooLargeException"):
        boto3.client("lambda").invoke(FunctionName="under-test", Payload=b" " * 6_291_457)


def test_a_function_that_cannot_be_loaded_is_named_with_the_reason(service: Service, tmp_path: Path) -> None:
    assert service.init_errors() == {}
    (tmp_path / "code_under_test.py").write_text("import no_such_module")
    service.functions["under-test"].invoke(b"{}")
    assert service.init_errors() == {
        "under-test": "Runtime.ImportModuleError: "
        "Unable to import module 'code_under_test': No module named 'no_such_module'"
    }


def test_each_function_has_a_log_of_its_own(service: Service, tmp_path: Path) -> None:
    service.functions["under-test"].invoke(b'{"boom": "in the log"}', wait=DEADLINE)
    assert "in the log" in (tmp_path / "under-test.log").read_text()


def _records(events: Path, number: int) -> list[dict[str, Any]]:
    """The first so many records that the function has got, in order."""
    eventually(lambda: events.exists() and len(_read(events)) >= number)
    return _read(events)[:number]


def _read(events: Path) -> list[dict[str, Any]]:
    lines = events.read_text().splitlines()
    return [record for line in lines if line.endswith("}") for record in json.loads(line).get("Records", [])]


def _url(name: str) -> str:
    return boto3.client("sqs").get_queue_url(QueueName=name)["QueueUrl"]


def _left(name: str) -> int:
    names: Any = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    answer = boto3.client("sqs").get_queue_attributes(QueueUrl=_url(name), AttributeNames=names)
    return sum(map(int, answer["Attributes"].values()))


def _create_queue(name: str, attributes: dict[str, str]) -> str:
    settings: Any = attributes
    boto3.client("sqs").create_queue(QueueName=name, Attributes=settings)
    return f"arn:aws:sqs:{cloud.REGION}:{cloud.ACCOUNT}:{name}"


def _create_function(events: Path) -> None:
    role = boto3.client("iam").create_role(RoleName="lambda", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    bundle = io.BytesIO()
    zipfile.ZipFile(bundle, "w").close()
    boto3.client("lambda").create_function(
        FunctionName="under-test",
        Runtime="python3.13",
        Handler="code_under_test.handler",
        Role=role,
        Code={"ZipFile": bundle.getvalue()},
        Timeout=20,
        MemorySize=256,
        Environment={"Variables": {"EVENTS": str(events)}},
    )


def _create_mapping(queue_arn: str) -> None:
    boto3.client("lambda").create_event_source_mapping(
        EventSourceArn=queue_arn,
        FunctionName="under-test",
        BatchSize=10,
        ScalingConfig={"MaximumConcurrency": 2},
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
