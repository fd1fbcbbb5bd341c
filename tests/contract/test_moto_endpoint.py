import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
import uvicorn
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from moto.core.models import botocore_stubber

from ops.local import cloud, direct, stack
from ops.local.api_calls import Request, Response, answer
from ops.local.endpoint import Endpoint, Fault
from tests.contract.moto_template import template

Client = Callable[[str], Any]
ONCE = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    running = cloud.start()
    stack.create_from(template(), {"SenderAddress": "contact@example.org"})
    yield Endpoint()
    running.stop()


@pytest.fixture(scope="module")
def client(endpoint: Endpoint) -> Iterator[Client]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(endpoint, http="httptools", lifespan="off", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    # moto answers boto3 inside this process; a client without its handler goes over HTTP.
    yield lambda service: _over_http(service, url)
    server.should_exit = True
    thread.join()
    listener.close()


def _over_http(service: str, url: str) -> Any:
    made: Any = boto3.client(service, endpoint_url=url, config=ONCE)  # type: ignore[call-overload]
    made.meta.events.unregister("before-send", botocore_stubber)
    return made


@pytest.fixture
def outputs(client: Client) -> dict[str, str]:
    [described] = client("cloudformation").describe_stacks(StackName=stack.NAME)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


@pytest.fixture
def queue(client: Client) -> Iterator[str]:
    url = client("sqs").create_queue(QueueName="q")["QueueUrl"]
    yield url
    client("sqs").delete_queue(QueueUrl=url)


def test_a_message_is_sent_received_and_deleted(client: Client, queue: str) -> None:
    sqs = client("sqs")
    attributes = {"messageId": {"DataType": "String", "StringValue": "m1"}}
    sqs.send_message(QueueUrl=queue, MessageBody='{"a": "&%\n\N{PILE OF POO}"}', MessageAttributes=attributes)
    [message] = sqs.receive_message(
        QueueUrl=queue, MessageAttributeNames=["All"], MessageSystemAttributeNames=["All"]
    )["Messages"]
    assert json.loads(message["Body"], strict=False) == {"a": "&%\n\N{PILE OF POO}"}
    assert message["MessageAttributes"] == attributes
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    counts = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert (counts["ApproximateNumberOfMessages"], counts["ApproximateNumberOfMessagesNotVisible"]) == (
        "0",
        "0",
    )


def test_a_long_poll_holds_up_nobody_else(client: Client, queue: str) -> None:
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(client("sqs").receive_message, QueueUrl=queue, WaitTimeSeconds=20)
        time.sleep(0.2)
        client("sqs").send_message(QueueUrl=queue, MessageBody="now")
        assert [message["Body"] for message in poll.result(timeout=10)["Messages"]] == ["now"]


def test_a_failed_condition_answers_the_item_that_failed_it(client: Client, outputs: dict[str, str]) -> None:
    dynamodb, table = client("dynamodb"), outputs["TableName"]
    item = {"pk": {"S": "MSG#1"}, "sk": {"S": "RECORD"}, "status": {"S": "queued"}, "updatedAt": {"S": "1"}}
    dynamodb.put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    with pytest.raises(ClientError) as refused:
        dynamodb.update_item(
            TableName=table,
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression="SET #s = :sent",
            ConditionExpression="#s = :sending",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={":sent": {"S": "sent"}, ":sending": {"S": "sending"}},
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    assert refused.value.response["Error"]["Code"] == "ConditionalCheckFailedException"
    assert refused.value.response["Item"] == item  # type: ignore[typeddict-item]
    found = dynamodb.query(
        TableName=table,
        IndexName="byStatus",
        KeyConditionExpression="#s = :s",
        ExpressionAttributeNames={"#s": "status"},
        ExpressionAttributeValues={":s": {"S": "queued"}},
    )
    assert found["Items"] == [item]


def test_a_transaction_writes_all_or_nothing(client: Client, outputs: dict[str, str]) -> None:
    dynamodb, table = client("dynamodb"), outputs["TableName"]
    puts = [
        {
            "Put": {
                "TableName": table,
                "Item": {"pk": {"S": key}, "sk": {"S": "x"}},
                "ConditionExpression": condition,
            }
        }
        for key, condition in (("T1", "attribute_not_exists(pk)"), ("T2", "attribute_exists(pk)"))
    ]
    with pytest.raises(ClientError, match="TransactionCanceled"):
        dynamodb.transact_write_items(TransactItems=puts)
    assert "Item" not in dynamodb.get_item(TableName=table, Key={"pk": {"S": "T1"}, "sk": {"S": "x"}})


def test_an_execution_is_started_described_listed_and_its_history_read(
    client: Client, outputs: dict[str, str]
) -> None:
    states = client("stepfunctions")
    arn = states.start_execution(stateMachineArn=outputs["MachineArn"], name="e1", input="{}")["executionArn"]
    while states.describe_execution(executionArn=arn)["status"] == "RUNNING":
        time.sleep(0.01)
    listed = states.list_executions(stateMachineArn=outputs["MachineArn"])["executions"]
    assert [(execution["name"], execution["status"]) for execution in listed] == [("e1", "SUCCEEDED")]
    events = states.get_execution_history(executionArn=arn)["events"]
    assert [events[0]["type"], events[-1]["type"]] == ["ExecutionStarted", "ExecutionSucceeded"]


def test_an_object_comes_back_as_it_was_put(client: Client) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="site")
    s3.put_object(Bucket="site", Key="a folder/ü.html", Body=b"<p>\xc3\xbc</p>", ContentType="text/html")
    got = s3.get_object(Bucket="site", Key="a folder/ü.html")
    assert (got["Body"].read(), got["ContentType"]) == (b"<p>\xc3\xbc</p>", "text/html")
    assert s3.head_object(Bucket="site", Key="a folder/ü.html")["ContentLength"] == 9


def test_identity_topics_mail_and_logs_answer(client: Client) -> None:
    assert client("sts").get_caller_identity()["Account"] == cloud.ACCOUNT
    topic = client("sns").create_topic(Name="t")["TopicArn"]
    assert client("sns").publish(TopicArn=topic, Message="x")["MessageId"]
    sent = client("sesv2").send_email(
        FromEmailAddress="contact@example.org",
        Destination={"ToAddresses": ["owner@example.org"]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "b"}}}},
    )
    assert sent["MessageId"]
    client("logs").create_log_group(logGroupName="/local")
    assert [group["logGroupName"] for group in client("logs").describe_log_groups()["logGroups"]] == [
        "/local"
    ]


def test_a_call_that_moto_lacks_says_so(client: Client) -> None:
    with pytest.raises(ClientError, match="NotImplemented"):
        client("sqs").list_message_move_tasks(SourceArn="arn:aws:sqs:us-east-1:123456789012:q")


def test_a_fault_can_answer_in_place_of_aws(client: Client, endpoint: Endpoint) -> None:
    throttled = Response(429, {"x-amzn-errortype": "TooManyRequestsException"}, b'{"message": "slow"}')
    endpoint.before.append(lambda _: Fault(takes_effect=False, delay=0, response=throttled))
    with pytest.raises(ClientError, match="TooManyRequestsException"):
        client("sesv2").get_account()
    endpoint.before.clear()


def test_a_fault_can_cut_the_connection_after_the_call_took_effect(
    client: Client, endpoint: Endpoint, queue: str
) -> None:
    def cut(request: Request) -> Fault | None:
        wanted = request.action == "SendMessage"
        return Fault(takes_effect=True, delay=0, response=None) if wanted else None

    endpoint.before.append(cut)
    with pytest.raises(HTTPClientError):
        client("sqs").send_message(QueueUrl=queue, MessageBody="lost answer")
    endpoint.before.clear()
    received = client("sqs").receive_message(QueueUrl=queue)["Messages"]
    assert [message["Body"] for message in received] == ["lost answer"]


def test_an_operation_can_be_answered_without_moto(client: Client) -> None:
    direct.register("ses", "GET /v2/email/account", lambda _: (200, {}, b'{"SendingEnabled": true}'))
    assert client("sesv2").get_account()["SendingEnabled"]
    direct.register("ses", "GET /v2/email/account", lambda _: None)


def test_a_call_that_would_fail_is_answered_by_moto(client: Client, outputs: dict[str, str]) -> None:
    sqs, states = client("sqs"), client("stepfunctions")
    with pytest.raises(ClientError, match="NonExistentQueue"):
        sqs.send_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/none", MessageBody="x")
    with pytest.raises(ClientError, match="InvalidName"):
        states.start_execution(stateMachineArn=outputs["MachineArn"], name="a b", input="{}")


def test_an_unsigned_call_is_refused() -> None:
    assert answer(Request("GET", "/", "", {}, b"")).status == 403
