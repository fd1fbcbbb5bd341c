"""A plain HTML form on the running stack: any text to the mailbox, and the visitor to the thank-you page."""

import re
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.flow.operator import json_of
from tests.flow.stack import LocalStack

pytestmark = pytest.mark.xdist_group("stack")
MIGRATE = Path(__file__).parents[2] / "docs/migrate.md"
HOSTILE = "a&Action=DeleteQueue%26\"'<b>#set($x)${x}\r\n\u2028😀+"
FIELDS = {"email": "ann@example.com", "_subject": "Hello", "message": HOSTILE}


def _post(stack: LocalStack, **more: str) -> str:
    """The id in the fragment of where the visitor is sent."""
    answer = stack.http.post(f"{stack.api}/form", data=FIELDS | more)
    assert answer.status_code == HTTPStatus.SEE_OTHER
    page, _, message_id = answer.headers["location"].partition("#m=")
    assert page == f"{stack.site}/thanks.html"
    return message_id


def test_a_form_s_text_reaches_the_mailbox_unchanged(stack: LocalStack) -> None:
    message_id = _post(stack)
    stack.wait_for(message_id, "delivered")
    (mail,) = stack.mails(message_id)
    assert HOSTILE.replace("\r\n", "\n") in mail["text"].replace("\r\n", "\n")


@pytest.mark.parametrize("field", ["_next", "redirect"])
def test_no_field_sends_the_visitor_elsewhere(stack: LocalStack, field: str) -> None:
    _post(stack, **{field: "//evil.example\r\nX: y"})


def test_a_filled_trap_and_an_unusable_form_wait_for_a_person(stack: LocalStack) -> None:
    for more, reason in (({"_gotcha": "x"}, "honeypot_filled"), ({"email": "nobody"}, "invalid_submission")):
        message_id = _post(stack, **more)
        stack.wait_for(message_id, "review")
        assert json_of(stack, "dlq", "show", message_id)["reason"] == reason


def test_a_form_with_files_is_refused(stack: LocalStack) -> None:
    answer = stack.http.post(f"{stack.api}/form", data=FIELDS, files={"file": b"x"})
    assert (answer.status_code, answer.json()["error"]) == (415, "unsupported_media_type")


def test_a_browser_without_javascript_lands_on_the_thank_you_page(
    stack: LocalStack, browser: Browser, tmp_path: Path
) -> None:
    form = tmp_path / "form.html"
    form.write_text(
        f'<form action="{stack.api}/form" method="post"><input name="email"><textarea name="message"></textarea>'
        "<button>Send</button></form>"
    )
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(form.as_uri())
        page.fill("input", "ann@example.com")
        page.fill("textarea", HOSTILE)
        page.click("button")
        page.wait_for_url("**/thanks.html*")
        assert "Thank you" in page.inner_text("h1")
        assert urlsplit(page.url).fragment.startswith("m=")


def test_each_service_s_changed_line_works(stack: LocalStack) -> None:
    rows = re.findall(
        r"^\| \w+ \|.*`<form action=\"API(\S+)\" method=\"post\">` \|$", MIGRATE.read_text(), re.MULTILINE
    )
    assert len(rows) == len(["Formspree", "Netlify", "Web3Forms", "Basin"])
    for path in rows:
        assert stack.http.post(stack.api + path, data=FIELDS).status_code == HTTPStatus.SEE_OTHER
