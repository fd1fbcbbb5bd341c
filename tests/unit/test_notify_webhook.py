"""NotifyWebhook beside a real receiver on this machine; the queue and the clock are recording fakes."""

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from handlers import webhook_call
from handlers.core import webhook
from handlers.errors import NotTakenError
from handlers.notify_webhook import Notifier
from handlers.settings import NotifyWebhookSettings
from tests.fakes import notifications
from tests.fakes.notifications import ALERT_ID
from tests.fakes.webhook_receiver import Receiver, receiving

SECRET = "whsec_" + "A" * 32


@dataclass
class Queue:
    hidden: list[int] = field(default_factory=list)

    def hide(self, queue_url: str, receipt_handle: str, seconds: int) -> None:
        assert (queue_url, receipt_handle) == ("queue", "handle")
        self.hidden.append(seconds)


@dataclass
class Clock:
    moment: datetime = datetime(2026, 11, 25, 3, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0

    def sleep(self, seconds: float) -> None:
        raise AssertionError("a function that sleeps is paid for it")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


def notifier(url: str, queue: Queue) -> Notifier:
    settings = NotifyWebhookSettings(WEBHOOK_URL=url, WEBHOOK_SECRET=SECRET, WEBHOOK_QUEUE_URL="queue")
    return Notifier(settings, queue, webhook_call, Clock())


def test_an_alert_arrives_signed_and_under_its_own_id(receiver: Receiver) -> None:
    queue = Queue()
    notifier(receiver.url, queue).notify(notifications.review(), "handle", 1)
    [call] = receiver.calls
    assert call.path == "/hook?for=us"
    assert call.headers["webhook-id"] == ALERT_ID
    assert call.headers["webhook-timestamp"] == str(int(Clock().now().timestamp()))
    assert call.headers["content-type"] == "application/json"
    assert call.verifies(SECRET)
    assert not call.verifies("whsec_" + "B" * 32)
    assert json.loads(call.content)["type"] == "contactflow.review"
    assert queue.hidden == []


@pytest.mark.parametrize("status", [199 + 101, 301, 302, 307, 400, 404, 410, 429, 500, 502, 504])
def test_whatever_is_not_2xx_comes_again_and_no_redirect_is_followed(receiver: Receiver, status: int) -> None:
    receiver.answers = [(status, {"Location": receiver.url})]
    queue = Queue()
    with pytest.raises(NotTakenError, match=f"HTTP {status}"):
        notifier(receiver.url, queue).notify(notifications.review(), "handle", 4)
    assert queue.hidden == [webhook.wait(4, ALERT_ID, 0)]
    assert len(receiver.calls) == 1


def test_the_receivers_own_wish_for_patience_is_kept(receiver: Receiver) -> None:
    receiver.answers = [
        (429, {"Retry-After": "120"}),
        (503, {"Retry-After": "Wed, 25 Nov 2026 04:00:00 GMT"}),
    ]
    queue = Queue()
    for _ in range(2):
        with pytest.raises(NotTakenError):
            notifier(receiver.url, queue).notify(notifications.review(), "handle", 1)
    assert queue.hidden == [120, webhook.wait(1, ALERT_ID, 0)]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/hook", "https://127.0.0.1:1/hook", "https://receiver.invalid/hook"]
)
def test_a_receiver_that_is_not_there_is_a_failed_try_that_does_not_name_it(url: str) -> None:
    queue = Queue()
    with pytest.raises(NotTakenError) as failed:
        notifier(url, queue).notify(notifications.review(), "handle", 1)
    assert queue.hidden == [webhook.wait(1, ALERT_ID, 0)]
    assert "hook" not in str(failed.value)
    assert "127" not in str(failed.value)


def test_an_https_address_never_meets_a_receiver_without_tls(receiver: Receiver) -> None:
    with pytest.raises(NotTakenError, match="SSLError"):
        notifier(receiver.url.replace("http:", "https:"), Queue()).notify(notifications.review(), "handle", 1)
    assert receiver.calls == []


def test_a_receiver_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_self_signed(tmp_path))
    with receiving(context) as receiver:
        with pytest.raises(NotTakenError, match="SSLCertVerificationError"):
            notifier(receiver.url, Queue()).notify(notifications.review(), "handle", 1)
        assert receiver.calls == []


def _self_signed(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "receiver.pem"
    file.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    return file


def test_what_is_no_alert_is_dropped_and_posted_nowhere(receiver: Receiver) -> None:
    notifier(receiver.url, Queue()).notify("not an alert", "handle", 1)
    assert receiver.calls == []
