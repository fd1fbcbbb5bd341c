"""A message goes all the way: real HTTP in, the real template and handlers between, the local mailbox out."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.flow.stack import SUBMISSION, LocalStack, until

pytestmark = pytest.mark.xdist_group("stack")

HOSTILE = [
    "& \" ' \n % + =",
    "😀 emoji 👩‍👩‍👧‍👦",
    "שלום עולם مرحبا",
    "&" * 1000,
    '"' * 1000,
    "%" * 1000,
    "😀" * 1000,
    "ש" * 1000,
    "\\n\\u0000 ${jndi:ldap://x} #set($x=1) $input.json('$')",
    "Hi\r\nBcc: victim@example.com",
    "&Action=DeleteQueue&MessageBody=x",
    "<script>alert(1)</script>",
    '{"nested": "json"}',
    "line\u2028separator",
]


def test_a_post_becomes_one_mail_to_the_owner_and_its_status_delivered(stack: LocalStack) -> None:
    message_id = stack.accepted(name="Ann")
    assert stack.wait_for(message_id, "delivered") == "delivered"
    (mail,) = stack.mails(message_id)
    assert mail["to"] == ["owner@contactflow.example"]
    assert mail["from"] == "noreply@contactflow.example"
    assert mail["replyTo"] == ["ann@example.com"]
    assert message_id[:8] in mail["subject"]
    assert "Do you ship to Norway?" in mail["text"]


def test_the_status_says_when_and_nothing_of_what(stack: LocalStack) -> None:
    message_id = stack.accepted()
    stack.wait_for(message_id, "delivered")
    answer = stack.http.get(f"{stack.api}/messages/{message_id}")
    assert set(answer.json()) == {"messageId", "status", "acceptedAt", "updatedAt", "sentAt", "settledAt"}
    assert answer.headers["access-control-allow-origin"] == stack.site


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_arrives_unchanged(stack: LocalStack, text: str) -> None:
    message_id = stack.accepted(message=text)
    stack.wait_for(message_id, "delivered")
    (mail,) = stack.mails(message_id)
    assert mail["text"].startswith(text + "\n\n--\n")
    assert mail["to"] == ["owner@contactflow.example"]


@pytest.mark.parametrize(
    "changed",
    [
        {"message": "\ud800"},
        {"message": "a\x00b"},
        {"message": "x" * 1001},
        {"subject": "Hi\r\nBcc: victim@example.com"},
        {"subject": "=?utf-8?q?x=0D=0ABcc=3A_evil=40example=2Eorg?="},
        {"email": "a@example.com\nBcc: b@example.com"},
        {"email": "nobody"},
        {"extra": "field"},
        {"message": 7},
    ],
)
def test_what_could_not_travel_unchanged_is_refused_and_sends_nothing(
    stack: LocalStack, changed: dict[str, object]
) -> None:
    before = len(stack.mails())
    answer = stack.post(**changed)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert answer.headers["access-control-allow-origin"] == stack.site
    assert len(stack.mails()) == before


def test_two_posts_with_one_id_are_one_message_even_at_once(stack: LocalStack) -> None:
    message_id = str(uuid.uuid4())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: stack.post(submissionId=message_id), range(8)))
    assert {(a.status_code, a.json()["messageId"]) for a in answers} == {(202, message_id)}
    stack.wait_for(message_id, "delivered")
    assert len(stack.mails(message_id)) == 1


def test_two_contents_with_one_id_are_two_mails(stack: LocalStack) -> None:
    message_id = str(uuid.uuid4())
    for text in ("first", "second"):
        stack.accepted(submissionId=message_id, message=text)

    def texts() -> list[str]:
        return [mail["text"].split("\n")[0] for mail in stack.mails() if message_id in mail["text"]]

    found: list[str] = until(texts, lambda seen: len(seen) == 2)
    assert sorted(found) == ["first", "second"]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("bounce", "bounced"),
        ("complaint", "complained"),
        ("reject", "rejected"),
        ("soft_bounce", "soft_bounced"),
    ],
)
def test_what_ses_says_of_the_next_mail_becomes_its_status(
    stack: LocalStack, outcome: str, status: str
) -> None:
    stack.play_next(outcome)
    message_id = stack.accepted()
    assert stack.wait_for(message_id, status) == status
    # SES puts an address that bounces or complains on the account's list; the tests to come need the owner.
    ses = stack.client("sesv2")
    for listed in ses.list_suppressed_destinations()["SuppressedDestinationSummaries"]:
        ses.delete_suppressed_destination(EmailAddress=listed["EmailAddress"])


def test_an_unreadable_or_suspicious_message_waits_for_a_person(stack: LocalStack) -> None:
    message_id = stack.accepted(website="https://spam.example")
    assert stack.wait_for(message_id, "review") == "review"
    assert stack.mails(message_id) == []


def test_an_unknown_id_is_not_found(stack: LocalStack) -> None:
    assert stack.status(str(uuid.uuid4())) == "404"


def test_a_burst_of_three_hundred_is_all_delivered_once(stack: LocalStack) -> None:
    with ThreadPoolExecutor(16) as pool:
        ids = list(pool.map(lambda n: stack.accepted(subject=f"Burst {n}"), range(300)))
    assert len(set(ids)) == 300

    def sent() -> list[str]:
        wanted = set(ids)
        found = (mail["tags"].get("messageId", "") for mail in stack.mails())
        return [message_id for message_id in found if message_id in wanted]

    mails: list[str] = until(sent, lambda found: len(found) >= 300)
    assert sorted(mails) == sorted(ids)
    for message_id in ids:
        stack.wait_for(message_id, "delivered")


def test_the_plain_post_of_an_api_client_needs_no_origin(stack: LocalStack) -> None:
    answer = stack.http.post(
        f"{stack.api}/sendEmail", json=SUBMISSION, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 202
    assert stack.wait_for(answer.json()["messageId"], "review") == "review"
