"""SESv2 through boto3: what moto lacks, and what `ops.local.ses` answers in its place."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError
from moto.core.models import botocore_stubber
from moto.sesv2.responses import SESV2Response

from ops.local import cloud, stack
from ops.local.endpoint import Endpoint
from ops.local.ports import listen, origin
from ops.local.server import Server
from ops.local.ses import service
from ops.local.ses.behaviour import Behaviour
from ops.local.ses.faults import FaultKind
from ops.local.ses.outcomes import Outcome
from ops.local.ses.scheduler import Scheduler
from ops.local.ses.store import MailStore
from tests.contract.moto_template import template
from tests.fakes.ses_world import request

OPERATIONS = (
    "get_account",
    "put_suppressed_destination",
    "list_suppressed_destinations",
    "get_suppressed_destination",
    "delete_suppressed_destination",
)
STOCK = f"""
import boto3, json
from moto import mock_aws
from moto.sesv2.responses import SESV2Response
with mock_aws():
    ses = boto3.client("sesv2", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    ses.create_email_identity(EmailIdentity="example.com")
    ses.send_email(**json.loads('''{json.dumps(request())}'''))
print([name for name in {OPERATIONS} if hasattr(SESV2Response, name)])
"""


@pytest.fixture
def store() -> MailStore:
    return MailStore()


@pytest.fixture
def created() -> Iterator[stack.Stack]:
    running = cloud.start()
    yield stack.create_from(template(), {"SenderAddress": "contact@example.com"})
    running.stop()


@pytest.fixture
def ses(created: stack.Stack, store: MailStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[Behaviour]:
    for name in ("send_email", *OPERATIONS):
        monkeypatch.setattr(SESV2Response, name, getattr(SESV2Response, name, None), raising=False)
    scheduler = Scheduler()
    behaviour = service.create(store, scheduler, pace=0.01, send_rate=None)
    service.install(behaviour, store)
    yield behaviour
    scheduler.stop()


@pytest.fixture
def client(ses: Behaviour) -> Any:
    made = boto3.client("sesv2")
    made.create_email_identity(EmailIdentity="example.com")
    return made


def call(*to: str, **changed: Any) -> dict[str, Any]:
    return request(*to, ConfigurationSetName="feedback", **changed)


def bodies(queue_url: str, count: int) -> list[str]:
    sqs = boto3.client("sqs")
    found: list[str] = []
    while len(found) < count:
        received = sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=5)
        found += [message["Body"] for message in received["Messages"]]
    return found


def refusal(act: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(ClientError) as refused:
        act()
    response = refused.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def test_stock_moto_still_lacks_what_this_package_adds() -> None:
    """It takes an unknown configuration set without a word, too."""
    done = subprocess.run([sys.executable, "-c", STOCK], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_sent_mail_is_stored_and_told_to_the_stack_s_topic(
    client: Any, ses: Behaviour, store: MailStore, created: stack.Stack
) -> None:
    """The template's event destination wants SEND and DELIVERY_DELAY."""
    ses.script.add(Outcome.DELAY)
    mail_id = client.send_email(**call())["MessageId"]
    greeting, sent, delayed = bodies(created.physical_ids["Events"], 3)
    assert greeting == "Successfully validated SNS topic for Amazon SES event publishing."
    assert [json.loads(sent)["eventType"], json.loads(delayed)["eventType"]] == ["Send", "DeliveryDelay"]
    assert json.loads(sent)["mail"]["messageId"] == mail_id
    assert [mail.id for mail in store.mails()] == [mail_id]


def test_refusals_reach_boto3_as_ses_s_exceptions(client: Any, ses: Behaviour) -> None:
    assert refusal(lambda: client.send_email(**call("no-domain"))) == (400, "BadRequestException")
    stranger = call(FromEmailAddress="a@elsewhere.example")
    assert refusal(lambda: client.send_email(**stranger)) == (400, "MessageRejected")
    assert refusal(lambda: client.send_email(**request())) == (404, "NotFoundException")
    ses.faults.begin(FaultKind.THROTTLE, calls=4)
    once = boto3.client("sesv2", config=Config(retries={"total_max_attempts": 1}))
    assert refusal(lambda: once.send_email(**call())) == (429, "TooManyRequestsException")
    ses.faults.begin(FaultKind.OUTAGE)
    assert refusal(lambda: once.send_email(**call())) == (503, "ServiceUnavailable")


def test_the_suppression_list_is_managed_as_in_sesv2(client: Any, ses: Behaviour) -> None:
    ses.script.add(Outcome.BOUNCE)
    mail_id = client.send_email(**call("a+b@example.org"))["MessageId"]
    deadline = time.monotonic() + 10
    while not ses.suppression.entries() and time.monotonic() < deadline:
        time.sleep(0.01)
    client.put_suppressed_destination(EmailAddress="c@example.org", Reason="COMPLAINT")
    listed = client.list_suppressed_destinations()["SuppressedDestinationSummaries"]
    assert [(entry["EmailAddress"], entry["Reason"]) for entry in listed] == [
        ("a+b@example.org", "BOUNCE"),
        ("c@example.org", "COMPLAINT"),
    ]
    found = client.get_suppressed_destination(EmailAddress="a+b@example.org")["SuppressedDestination"]
    assert found["Attributes"]["MessageId"] == mail_id
    client.delete_suppressed_destination(EmailAddress="a+b@example.org")
    gone = {"EmailAddress": "a+b@example.org"}
    assert refusal(lambda: client.get_suppressed_destination(**gone)) == (404, "NotFoundException")
    assert refusal(lambda: client.delete_suppressed_destination(**gone)) == (404, "NotFoundException")


def test_the_account_tells_its_quota(client: Any) -> None:
    client.send_email(**call("a@example.org", "success@simulator.amazonses.com"))
    account = client.get_account()
    assert account["ProductionAccessEnabled"]
    assert account["SendQuota"] == {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1.0}


def test_a_slow_answer_comes_after_its_time(client: Any, ses: Behaviour, store: MailStore) -> None:
    endpoint = Endpoint()
    endpoint.before.append(service.losing_answers(ses))
    bound = listen(0)
    server = Server(endpoint, bound)
    ses.faults.begin(FaultKind.SLOW, calls=2)
    with pytest.raises(HTTPClientError):
        _remote(bound, read_timeout=0.05).send_email(**call())
    _remote(bound, read_timeout=60).send_email(**call())
    # The first mail's caller had gone, and SES took it all the same.
    assert store.accepted == 2
    server.stop()


def _remote(bound: socket.socket, read_timeout: float) -> Any:
    config = Config(retries={"total_max_attempts": 1}, read_timeout=read_timeout)
    remote = boto3.client("sesv2", endpoint_url=origin(bound), config=config)
    # moto answers boto3 inside this process; a client without its handler goes over HTTP.
    remote.meta.events.unregister("before-send", botocore_stubber)
    return remote


@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT, FaultKind.LOST_REPLY])
def test_a_mail_is_accepted_though_its_answer_is_lost(
    client: Any, ses: Behaviour, store: MailStore, kind: FaultKind
) -> None:
    endpoint = Endpoint()
    endpoint.before.append(service.losing_answers(ses))
    bound = listen(0)
    server = Server(endpoint, bound)
    remote = _remote(bound, read_timeout=1)
    ses.faults.begin(kind, calls=1)
    remote.get_account()
    with pytest.raises(HTTPClientError):
        remote.send_email(**call())
    assert store.accepted == 1
    remote.send_email(**call())
    assert store.accepted == 2
    server.stop()
    client.close()
