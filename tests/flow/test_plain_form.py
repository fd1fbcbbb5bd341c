"""A plain HTML form on the running stack: any text to the mailbox, and the visitor to the thank-you page."""

import re
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser

from tests.flow.operator import json_of
from tests.flow.stack import LocalStack

pytestmark = pytest.mark.xdist_group("stack")
MIGRATE = Path(__file__).parents[2] / "docs/migrate.md"
HOSTILE = "a&Action=DeleteQueue%26\"'<b>#set($x)${x}\r\n\u2028😀+"
FIELDS = {"email": "ann@example.com", "_subject": "Hello", "message": HOSTILE}
JSON = {"Accept": "application/json"}
THANKS = "https://www.example.com/danke.html"
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


def _answer(stack: LocalStack, path: str = "/form", origin: str = "", **more: str) -> httpx.Response:
    headers = {"Origin": origin} if origin else {}
    return stack.http.post(f"{stack.api}{path}", data=FIELDS | more, headers=headers)


def _id_in(stack: LocalStack, answer: httpx.Response) -> str:
    """The id in the fragment of where the visitor is sent."""
    assert answer.status_code == HTTPStatus.SEE_OTHER
    page, _, message_id = answer.headers["location"].partition("#m=")
    assert page == f"{stack.site}/thanks.html"
    return message_id


def _post(stack: LocalStack, path: str = "/form", origin: str = "", **more: str) -> str:
    return _id_in(stack, _answer(stack, path, origin, **more))


def _reason(stack: LocalStack, message_id: str) -> str:
    stack.wait_for(message_id, "review")
    return str(json_of(stack, "dlq", "show", message_id)["reason"])


def test_a_form_s_text_reaches_the_mailbox_unchanged(stack: LocalStack) -> None:
    message_id = _post(stack)
    stack.wait_for(message_id, "delivered")
    (mail,) = stack.mails(message_id)
    assert HOSTILE.replace("\r\n", "\n") in mail["text"].replace("\r\n", "\n")


@pytest.mark.parametrize("field", ["_next", "redirect"])
def test_only_a_page_of_the_list_is_followed(stack: LocalStack, field: str) -> None:
    location = _answer(stack, **{field: THANKS}).headers["location"]
    assert location.startswith(f"{THANKS}#m=")
    for elsewhere in (
        "//evil.example\r\nX: y",
        THANKS.upper(),
        f"{THANKS}\r\n",
        THANKS.replace("//", "//a@"),
    ):
        message_id = _post(stack, **{field: elsewhere})
        assert stack.wait_for(message_id, "delivered")


def test_two_pages_are_none(stack: LocalStack) -> None:
    assert _post(stack, _next=THANKS, redirect="https://evil.example")
    assert _post(stack, _next=THANKS, redirect=THANKS)


def test_a_form_s_id_leads_to_its_owner(stack: LocalStack) -> None:
    message_id = _post(stack, "/form/sales")
    stack.wait_for(message_id, "delivered")
    assert [mail["to"] for mail in stack.mails(message_id)] == [["sales@contactflow.example"]]


@pytest.mark.parametrize(
    ("path", "form"), [("/form/press", "press"), ("/form/Sales", "-"), ("/form/%22%0A", "-")]
)
def test_an_unknown_form_waits_for_a_person(stack: LocalStack, path: str, form: str) -> None:
    message_id = _post(stack, path)
    assert _reason(stack, message_id) == "unknown_form"
    assert json_of(stack, "dlq", "show", message_id)["form"] == form


def test_a_script_is_answered_with_json(stack: LocalStack) -> None:
    for origin, allowed in ((stack.site, stack.site), ("https://evil.example", stack.site)):
        headers = JSON | {"Origin": origin}
        answer = stack.http.post(f"{stack.api}/form", data=FIELDS, headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (202, "queued")
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["access-control-allow-origin"] == allowed
    stack.wait_for(
        stack.http.post(f"{stack.api}/form", data=FIELDS, headers=JSON).json()["messageId"], "delivered"
    )
    preflight = stack.http.options(f"{stack.api}/form/sales", headers={"Origin": stack.site})
    assert preflight.headers["access-control-allow-methods"] == "POST,OPTIONS"


def test_a_filled_trap_and_an_unusable_form_wait_for_a_person(stack: LocalStack) -> None:
    for more, reason in (({"_gotcha": "x"}, "honeypot_filled"), ({"email": "nobody"}, "invalid_submission")):
        assert _reason(stack, _post(stack, **more)) == reason


def test_a_text_over_the_rules_is_held_whole(stack: LocalStack) -> None:
    message_id = _post(stack, message="ü" * 4000)
    assert _reason(stack, message_id) == "invalid_submission"
    shown = json_of(stack, "dlq", "show", message_id, "--body")
    assert "ü" * 4000 in str(shown)


@pytest.mark.parametrize(
    ("origin", "reason"), [("null", "foreign_origin"), ("https://evil.example", "foreign_origin")]
)
def test_a_page_that_hides_its_origin_is_foreign(stack: LocalStack, origin: str, reason: str) -> None:
    assert _reason(stack, _post(stack, origin=origin)) == reason


def test_the_longest_text_is_kept_and_a_longer_one_is_told_that_nothing_was_sent(stack: LocalStack) -> None:
    # Control characters are the longest in the JSON that holds a held message.
    longest = b"message=" + b"\x00" * 49_992
    answer = stack.http.post(f"{stack.api}/form", content=longest, headers=URLENCODED)
    assert _reason(stack, _id_in(stack, answer)) == "invalid_submission"
    for size in (50_001, 2_000_000):
        for accept in ("text/html", "application/json"):
            headers = URLENCODED | {"Accept": accept}
            answer = stack.http.post(f"{stack.api}/form", content=b"x" * size, headers=headers)
            assert answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            assert "location" not in answer.headers
            assert ("was not sent" in answer.text) == (accept == "text/html")


def test_a_form_with_files_is_refused(stack: LocalStack) -> None:
    answer = stack.http.post(f"{stack.api}/form", data=FIELDS, files={"file": b"x"})
    assert (answer.status_code, answer.json()["error"]) == (415, "unsupported_media_type")


def test_the_documented_script_reads_the_answer_from_another_origin(
    stack: LocalStack, browser: Browser
) -> None:
    (script,) = re.findall(r"```js\n(.*?)```", MIGRATE.read_text(), re.DOTALL)
    script = str(script).replace("API", stack.api)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(stack.site)
        for name in ("email", "subject", "message"):
            page.fill(f"[name={name}]", "ann@example.com")
        run = f"const form = document.forms[0]; {script} return [answer.status, await answer.json()];"
        status, answer = page.evaluate(f"async () => {{ {run} }}")
    assert (status, answer["status"]) == (202, "queued")
    stack.wait_for(answer["messageId"], "delivered")
