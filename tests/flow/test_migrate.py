"""docs/migrate.md as its reader follows it: each service's form, one line changed, in a browser without JavaScript."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.flow.operator import json_of
from tests.flow.stack import LocalStack

pytestmark = pytest.mark.xdist_group("stack")
MIGRATE = (Path(__file__).parents[2] / "docs/migrate.md").read_text()
TEXT = 'Do you ship to Norway?\n\n"Ärger" & <b>\'s #set($x) 50% + 😀'


class Expected(NamedTuple):
    """What the owner's mail says below the visitor's text, and the trap that the service's page has."""

    lines: tuple[str, ...]
    subject: str
    name: str
    trap: str
    page: str


SERVICES = {
    "Formspree": Expected((), "New inquiry", "Ann Smith", "_gotcha", "https://www.example.com/danke.html"),
    "Netlify": Expected(("role: customer",), "New inquiry", "Ann Smith", "bot-field", ""),
    "Web3Forms": Expected((), "New inquiry", "Ann Smith", "botcheck", "https://www.example.com/danke.html"),
    "Basin": Expected(("phone: 0123",), "Message from the form", "", "_gotcha", ""),
}
TYPED = {
    "name": "Ann Smith",
    "email": "ann@example.com",
    "_replyto": "ann@example.com",
    "message": TEXT,
    "phone": "0123",
}


def _form(service: str, api: str) -> str:
    """The documented form, with the documented line in place of its first."""
    chapter = MIGRATE.split(f"## {service}\n", 1)[1].split("\n## ", 1)[0]
    before, after = re.findall(r"```html\n(.*?)```", chapter, re.DOTALL)
    first, rest = before.split("\n", 1)
    assert first != after.strip()
    return str(after.replace("API", api) + rest)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(java_script_enabled=False) as opened:
        opened.route("https://www.example.com/**", _thanks)
        yield opened


def _thanks(route: Route) -> None:
    route.fulfill(body="<h1>Danke</h1>", content_type="text/html")


def _opened(context: BrowserContext, stack: LocalStack, service: str, referrer: str = "") -> Page:
    """The page on the origin that the form has; `referrer` is its policy."""
    page = context.new_page()
    head = f'<meta name="referrer" content="{referrer}">' if referrer else ""
    document = f"<!doctype html><meta charset=utf-8>{head}<title>{service}</title>{_form(service, stack.api)}"
    page.route(
        f"{stack.site}/{service}.html",
        lambda route: route.fulfill(body=document, content_type="text/html; charset=utf-8"),
    )
    page.goto(f"{stack.site}/{service}.html")
    for name, value in TYPED.items():
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", value)
    return page


def _sent(page: Page) -> str:
    page.click("button")
    page.wait_for_url("**#m=*")
    return page.url.partition("#m=")[2]


@pytest.mark.parametrize("service", SERVICES)
def test_the_owner_reads_what_was_typed_and_nothing_of_the_service_s(
    stack: LocalStack, context: BrowserContext, service: str
) -> None:
    expected = SERVICES[service]
    page = _opened(context, stack, service)
    message_id = _sent(page)
    assert page.url == f"{expected.page or f'{stack.site}/thanks.html'}#m={message_id}"
    stack.wait_for(message_id, "delivered")
    (mail,) = stack.mails(message_id)
    _reads(mail, expected)


def _reads(mail: dict[str, Any], expected: Expected) -> None:
    text = str(mail["text"]).replace("\r\n", "\n")
    assert "\n".join((TEXT, *expected.lines)) in text
    assert expected.subject in mail["subject"]
    assert expected.name in text
    assert mail["replyTo"] == ["ann@example.com"]
    for foreign in (
        "access_key",
        "0000-0000",
        "form-name",
        "Our site",
        "danke",
        "_next",
        "redirect",
        "botcheck",
    ):
        assert foreign not in text


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_s_trap_is_one(stack: LocalStack, context: BrowserContext, service: str) -> None:
    page = _opened(context, stack, service)
    # Nobody can: it is hidden.
    page.locator(f"[name={SERVICES[service].trap}]").evaluate(
        "field => { field.value = 'x'; field.checked = true; }"
    )
    message_id = _sent(page)
    stack.wait_for(message_id, "review")
    assert json_of(stack, "dlq", "show", message_id)["reason"] == "honeypot_filled"


def test_a_visitor_without_javascript_is_told_what_happens(
    stack: LocalStack, context: BrowserContext
) -> None:
    page = _opened(context, stack, "Basin")
    _sent(page)
    assert page.inner_text("h1") == "Thank you, we have your message"
    assert "nothing more to do" in page.inner_text("main")
    assert "müssen nichts weiter tun" in page.inner_text("main")
    assert page.locator("a:visible").count() == 0


def test_with_javascript_the_thanks_lead_to_the_receipt(stack: LocalStack, browser: Browser) -> None:
    with browser.new_context() as context:
        page = _opened(context, stack, "Basin")
        message_id = _sent(page)
        page.get_by_role("link", name="See where it is").click()
        page.wait_for_url(f"{stack.site}/#m={message_id}")
        expect(page.locator("#status-detail")).to_have_text("Accepted by the recipient’s mail server.")


@pytest.mark.parametrize(("policy", "status"), [("no-referrer", "review"), ("strict-origin", "delivered")])
def test_a_page_that_hides_its_origin_is_held_and_the_documented_policy_mends_it(
    stack: LocalStack, context: BrowserContext, policy: str, status: str
) -> None:
    message_id = _sent(_opened(context, stack, "Basin", policy))
    stack.wait_for(message_id, status)
    if status == "review":
        assert json_of(stack, "dlq", "show", message_id)["reason"] == "foreign_origin"
