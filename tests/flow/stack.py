"""The local stack as a person starts it: `contactflow up` in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import boto3
import httpx

from tests.flow.processes import descendants, running

ROOT = Path(__file__).parents[2]
#: Far more than anything here takes; a test that needs it has failed.
PATIENCE = 60.0
# uvicorn closes what was idle for 5 s, and httpx keeps it for as long: whoever asks in that moment is cut off.
# https://www.uvicorn.org/settings/#timeouts
_KEPT = httpx.Limits(keepalive_expiry=2.0)
T = TypeVar("T")
JSON = {"Content-Type": "application/json"}
SUBMISSION = {"email": "ann@example.com", "subject": "Hello", "message": "Do you ship to Norway?"}


@dataclass(frozen=True)
class LocalStack:
    api: str
    site: str
    mailbox: str
    aws: str
    console: str
    process: subprocess.Popen[str]
    http: httpx.Client

    def post(self, **changed: Any) -> httpx.Response:
        # Escaped: a lone surrogate can be written in JSON, but not in UTF-8.
        body = json.dumps(SUBMISSION | changed)
        return self.http.post(f"{self.api}/sendEmail", content=body, headers=JSON)

    def accepted(self, **changed: Any) -> str:
        answer = self.post(**changed)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["messageId"])

    def status(self, message_id: str) -> str:
        answer = self.http.get(f"{self.api}/messages/{message_id}")
        return str(answer.json()["status"]) if answer.status_code == 200 else str(answer.status_code)

    def wait_for(self, message_id: str, *statuses: str) -> str:
        return until(lambda: self.status(message_id), lambda status: status in statuses)

    def mails(self, message_id: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(f"{self.mailbox}/api/messages").json()
        return [mail for mail in found if not message_id or mail["tags"].get("messageId") == message_id]

    def client(self, service: str) -> Any:
        """A boto3 client of the local AWS, with nothing of the environment's credentials."""
        return cast("Any", boto3).client(
            service,
            endpoint_url=self.aws,
            region_name="us-east-1",
            aws_access_key_id="testing",
            aws_secret_access_key="testing",  # noqa: S106 - what the local stack takes
        )

    def inject(self, fault: str, *, limit: int) -> None:
        """Let a fault of `--faults` happen at the next occasions, so many times."""
        order = {"faults": {fault: {"rate": 1.0, "limit": limit}}}
        self.http.post(f"{self.aws}/_faults", json=order).raise_for_status()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """SES refuses every mail meanwhile, since it does not know the sender."""
        ses, identity = self.client("sesv2"), "contactflow.example"
        ses.delete_email_identity(EmailIdentity=identity)
        try:
            yield
        finally:
            signing = {"NextSigningKeyLength": "RSA_2048_BIT"}
            ses.create_email_identity(EmailIdentity=identity, DkimSigningAttributes=signing)

    def play_next(self, outcome: str) -> None:
        self.http.post(f"{self.mailbox}/api/next", json={"outcome": outcome}).raise_for_status()


def until(look: Callable[[], T], enough: Callable[[T], bool]) -> T:
    """Look until it is enough. Raises AssertionError with what was seen last."""
    deadline = time.monotonic() + PATIENCE
    while not enough(seen := look()):
        assert time.monotonic() < deadline, f"still {seen!r} after {PATIENCE} s"
        time.sleep(0.05)
    return seen


def http_client() -> httpx.Client:
    return httpx.Client(timeout=PATIENCE, limits=_KEPT)


@contextmanager
def started(
    *arguments: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None, stderr: IO[str] | None = None
) -> Iterator[LocalStack]:
    """`contactflow up`, ended by SIGTERM, after which none of its processes may be left."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ops", "up", "--json", "--port", "0", *arguments],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
    assert process.stdout
    try:
        urls = json.loads(process.stdout.readline())
        with http_client() as http:
            yield LocalStack(**urls, process=process, http=http)
    finally:
        children = descendants(process.pid)
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()
        until(lambda: running(children), lambda left: not left)
