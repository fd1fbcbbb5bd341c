"""The send protocol on the wire: what SES accepted is counted at SES, not at the caller."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from handlers import aws, send_acknowledgement, send_email
from handlers.aws import clients
from handlers.errors import (
    OutcomeUnknownError,
    OutcomeUnresolvedError,
    PermanentSendError,
    RecordUnavailableError,
    TransientSendError,
)
from schemas.record import Status
from tests.contract.conftest import TABLE, Cloud
from tests.fakes.lambda_events import Context
from tests.fakes.records import record
from tests.fakes.ses_server import Behaviour, SesServer, ses_server


@pytest.fixture
def ses(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[SesServer]:
    with ses_server() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", server.url)
        yield server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client that the function really makes, with a read timeout that a test can wait for."""
    made = boto3.client("sesv2", config=clients.ONCE.merge(Config(read_timeout=0.3)))
    monkeypatch.setattr("handlers.aws.mail.ses", lambda: made)


def send(request_id: str = "request-1") -> str:
    return send_email.handler({"messageId": "m1"}, Context(request_id))["status"]


def test_a_message_is_sent_once_with_its_id_as_a_tag(cloud: Cloud, ses: SesServer) -> None:
    aws.put_record(TABLE, record())
    assert send() == "sent"
    (mail,) = ses.accepted
    assert mail["Destination"] == {"ToAddresses": ["owner@example.com"]}
    assert mail["ReplyToAddresses"] == ["ann@example.com"]
    assert mail["FromEmailAddress"] == "noreply@example.com"
    assert mail["ConfigurationSetName"] == "contactflow"
    assert {"Name": "messageId", "Value": "m1"} in mail["EmailTags"]
    assert (cloud.item("m1")["status"], cloud.item("m1")["sesMessageId"]) == ("sent", "ses-1")


def test_a_repeated_task_sends_nothing(ses: SesServer, cloud: Cloud) -> None:
    aws.put_record(TABLE, record())
    assert [send(f"request-{n}") for n in range(4)] == ["sent"] * 4
    assert len(ses.accepted) == 1


@pytest.mark.parametrize("behaviour", ["stall", "reset", "half"])
def test_an_accepted_mail_whose_answer_is_lost_is_never_sent_again(
    cloud: Cloud, ses: SesServer, impatient: None, behaviour: Behaviour
) -> None:
    aws.put_record(TABLE, record())
    ses.behaviours = [behaviour]
    for attempt in range(3):
        with pytest.raises(OutcomeUnknownError):
            send(f"request-{attempt}")
    assert (ses.calls, len(ses.accepted)) == (1, 1)
    assert cloud.item("m1")["status"] == "outcome_unknown"


def test_the_sdk_s_own_retries_would_have_sent_it_three_times(ses: SesServer) -> None:
    """The fault that the single attempt is there for, shown on the SDK as it comes."""
    ses.behaviours = ["stall"]
    with pytest.raises(BotoCoreError):
        boto3.client("sesv2", config=Config(read_timeout=0.3, retries={"mode": "standard"})).send_email(
            FromEmailAddress="noreply@example.com",
            Destination={"ToAddresses": ["owner@example.com"]},
            Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
        )
    assert len(ses.accepted) == 3


def test_a_throttled_send_is_released_and_sent_by_the_next_try(cloud: Cloud, ses: SesServer) -> None:
    aws.put_record(TABLE, record())
    ses.behaviours = ["throttle", "throttle", "accept"]
    for attempt in range(2):
        with pytest.raises(TransientSendError):
            send(f"request-{attempt}")
        assert cloud.item("m1")["status"] == "queued"
    assert send("request-2") == "sent"
    assert (ses.calls, len(ses.accepted)) == (3, 1)


def test_no_connection_is_a_transient_failure(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", "http://127.0.0.1:9")
    aws.put_record(TABLE, record())
    with pytest.raises(TransientSendError):
        send()


def test_a_refused_mail_is_a_permanent_failure_with_its_code(cloud: Cloud, ses: SesServer) -> None:
    aws.put_record(TABLE, record())
    ses.behaviours = ["reject"]
    with pytest.raises(PermanentSendError):
        send()
    assert cloud.item("m1")["reason"] == "MessageRejected"


def test_a_server_error_of_ses_proves_nothing_so_it_is_not_sent_again(cloud: Cloud, ses: SesServer) -> None:
    aws.put_record(TABLE, record())
    ses.behaviours = ["fail", "accept"]
    with pytest.raises(OutcomeUnknownError):
        send()
    with pytest.raises(OutcomeUnknownError):
        send("request-2")
    assert ses.calls == 1


def test_an_unknown_outcome_goes_to_a_person_at_its_deadline(ses: SesServer, cloud: Cloud) -> None:
    aws.put_record(TABLE, record(Status.OUTCOME_UNKNOWN, claimedAt="2020-01-01T00:00:00.000Z"))
    with pytest.raises(OutcomeUnresolvedError):
        send()
    assert ses.calls == 0


def test_a_crash_after_the_claim_sends_nothing_more(ses: SesServer, cloud: Cloud) -> None:
    aws.put_record(TABLE, record(Status.SENDING, claim="crashed", claimedAt="2099-01-01T00:00:00.000Z"))
    with pytest.raises(OutcomeUnknownError):
        send()
    assert ses.calls == 0


def test_a_claim_whose_answer_the_sdk_lost_is_recognised_as_ours(ses: SesServer, cloud: Cloud) -> None:
    aws.put_record(TABLE, record(Status.SENDING, claim="request-1", claimedAt="2099-01-01T00:00:00.000Z"))
    assert send("request-1") == "sent"
    assert ses.calls == 1


def test_a_message_that_was_forgotten_meanwhile_is_not_sent(ses: SesServer, cloud: Cloud) -> None:
    with pytest.raises(RecordUnavailableError):
        send()
    assert ses.calls == 0


def test_what_is_no_submission_is_never_sent_whatever_an_operator_does(ses: SesServer, cloud: Cloud) -> None:
    aws.put_record(TABLE, record(submission="not json"))
    with pytest.raises(PermanentSendError):
        send()
    assert ses.calls == 0


FORMS = "shop|de|https://shop.example|sales@example.com|boss@example.com"


def test_a_form_s_message_goes_to_its_own_owner_and_is_acknowledged_in_its_language(
    ses: SesServer, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMS", FORMS)
    aws.put_record(TABLE, record(form="shop"))
    assert send() == "sent"
    aws.put_record(TABLE, record(form="shop", recipient="fallback", messageId="m2"))
    send_email.handler({"messageId": "m2"}, Context("request-2"))
    send_acknowledgement.handler({"messageId": "m1"}, Context())
    recipients = [mail["Destination"]["ToAddresses"] for mail in ses.accepted]
    assert recipients == [["sales@example.com"], ["boss@example.com"], ["ann@example.com"]]
    assert "Danke" in str(ses.accepted[2])


def test_a_message_whose_form_is_gone_is_sent_to_nobody(
    ses: SesServer, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORMS", FORMS)
    aws.put_record(TABLE, record(form="press"))
    with pytest.raises(PermanentSendError, match="UnknownForm"):
        send()
    assert ses.calls == 0
    assert cloud.item("m1")["status"] == "queued"


def test_no_word_of_the_message_reaches_the_log(
    ses: SesServer, cloud: Cloud, capfd: pytest.CaptureFixture[str]
) -> None:
    aws.put_record(TABLE, record())
    send()
    out, err = capfd.readouterr()
    for word in ("ann@", "owner@", "Norway"):
        assert word not in out + err


def test_an_address_is_acknowledged_once_a_day_in_fixed_words(ses: SesServer, cloud: Cloud) -> None:
    for number in range(3):
        aws.put_record(TABLE, record(messageId=f"m{number}"))
        send_acknowledgement.handler({"messageId": f"m{number}"}, Context())
    (mail,) = ses.accepted
    assert mail["Destination"] == {"ToAddresses": ["ann@example.com"]}
    assert mail["ConfigurationSetName"] == "contactflow-ack"
    assert "Norway" not in str(mail)
