import email.policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import mail
from handlers.core.wording import WORDS
from schemas.forms import Language
from schemas.submission import Submission

ID = "3f0e6c1a-0b2d-4c5e-8f90-a1b2c3d4e5f6"


def owner_mail(**changed: str) -> mail.Mail:
    submission = Submission.model_validate(
        {"email": "ann@example.com", "subject": "Hello", "message": "Hi"} | changed
    )
    return mail.owner_mail(
        submission,
        ID,
        0,
        sender="noreply@example.com",
        recipient="owner@example.com",
        configuration_set="contactflow",
        language="en",
    )


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not [name for name, _ in attrs if name.startswith("on")]
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_owner_gets_a_mail_that_an_answer_goes_back_to_the_visitor_from() -> None:
    sent = owner_mail(name="Ann")
    assert (sent.sender, sent.recipient, sent.reply_to) == (
        "noreply@example.com",
        "owner@example.com",
        "ann@example.com",
    )
    assert sent.subject == "Hello [3f0e6c1a]"
    assert "From: Ann, ann@example.com" in sent.text
    assert sent.tags == {"messageId": ID, "kind": "submission", "replay": "0"}


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{subject}", "&amp;"]
)
def test_what_a_visitor_typed_is_text_in_the_html_too(text: str) -> None:
    sent = owner_mail(message=text, subject=text, name=text)
    assert sent.html
    parsed = _Texts()
    parsed.feed(sent.html)
    assert parsed.tags == ["html", "body", "h1", "p", "hr", "p", "a", "br", "p"]
    assert parsed.text.count(text) == 3


@given(st.text(min_size=1, max_size=100))
def test_no_subject_that_passes_the_rules_makes_a_second_header(subject: str) -> None:
    try:
        sent = owner_mail(subject=subject, name=subject)
    except ValueError:
        return
    message = EmailMessage(policy=email.policy.SMTP)
    message["Subject"] = sent.subject
    assert [line for line in message.as_string().split("\r\n") if line and line[0] not in " \t"] == [
        line for line in message.as_string().split("\r\n") if line.startswith("Subject:")
    ]


@pytest.mark.parametrize("language", WORDS)
def test_the_acknowledgement_is_fixed_words_of_the_form_s_language(language: Language) -> None:
    sent = mail.acknowledgement(
        ID,
        sender="noreply@example.com",
        recipient="ann@example.com",
        configuration_set="ack",
        language=language,
    )
    assert sent.text == WORDS[language].acknowledgement_text
    assert sent.subject == WORDS[language].acknowledgement_subject
    assert sent.reply_to is None
