"""The console in a real Chromium, on the running stack."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from ops.console.guard import TOKEN_HEADER
from tests.flow.operator import environment, held, unique
from tests.flow.stack import PATIENCE, ROOT, LocalStack, until

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture
def page(browser: Browser, stack: LocalStack) -> Iterator[Page]:
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE * 1000)
        opened = context.new_page()
        opened.goto(stack.console)
        expect(opened.get_by_role("heading", name="Overview")).to_be_visible()
        yield opened


def go(page: Page, stack: LocalStack, path: str) -> None:
    page.goto(stack.console.partition("/#")[0] + path)
    expect(page.locator("#main")).to_have_attribute("aria-busy", "false")


def count(page: Page, label: str) -> int:
    station = page.locator(".station").filter(has=page.get_by_text(label, exact=True))
    return int(station.locator(".number").inner_text())


def test_the_overview_shows_a_delivered_message_without_reloading(page: Page, stack: LocalStack) -> None:
    before = count(page, "Delivered")
    stack.wait_for(stack.accepted(), "delivered")
    until(lambda: count(page, "Delivered"), lambda shown: shown > before)
    assert "token" not in page.url


def test_a_held_message_is_delivered_by_keys_alone(page: Page, stack: LocalStack) -> None:
    marker = unique()
    (message_id,) = held(stack, 1, marker)
    page.keyboard.press("v")
    expect(page.get_by_role("heading", name="Waiting for a person")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(marker)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="All", exact=True)).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", name="Deliver: 1 message")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="1 message handed to delivery")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("No message here")).to_be_visible()
    stack.wait_for(message_id, "delivered")
    assert len(stack.mails(message_id)) == 1


def test_many_are_previewed_by_cause_closed_and_taken_back(page: Page, stack: LocalStack) -> None:
    marker = unique()
    ids = held(stack, 3, marker)
    go(page, stack, f"/review?text={marker}")
    page.keyboard.press("a")
    page.get_by_role("button", name="Discard").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("honeypot_filled")).to_be_visible()
    assert [stack.status(message_id) for message_id in ids] == ["review"] * 3
    dialog.get_by_label("Why").fill("spam")
    dialog.get_by_role("button", name="Discard 3").click()
    expect(page.get_by_role("heading", name="3 messages discarded")).to_be_visible()
    assert [stack.status(message_id) for message_id in ids] == ["discarded"] * 3
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="3 messages back in review")).to_be_visible()
    assert [stack.status(message_id) for message_id in ids] == ["review"] * 3
    go(page, stack, f"/audit?message={ids[0]}")
    expect(page.locator(".audit strong")).to_have_text(["undo", "discard"])
    expect(page.get_by_text("spam", exact=True)).to_be_visible()


def test_a_message_tells_its_story_and_is_sent_under_an_edited_subject(page: Page, stack: LocalStack) -> None:
    (message_id,) = held(stack, 1, "a text for nobody else")
    go(page, stack, f"/messages/{message_id}")
    expect(page.get_by_text("a text for nobody else")).to_have_count(0)
    page.keyboard.press("m")
    expect(page.get_by_text("a text for nobody else")).to_be_visible()
    page.get_by_role("button", name="Send again").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Edit the subject").click()
    dialog.get_by_label("Send under the subject").fill("Shipping to Norway")
    page.keyboard.press("Enter")
    expect(dialog.locator("del")).to_have_text("Hello")
    expect(dialog.locator("ins")).to_have_text("Shipping to Norway")
    assert stack.status(message_id) == "review"
    dialog.locator("#confirm").click()
    expect(page.get_by_role("heading", name="1 message sent again")).to_be_visible()
    page.keyboard.press("Escape")
    stack.wait_for(message_id, "delivered")
    expect(page.locator("h1 .badge")).to_have_text("delivered")
    expect(page.locator(".story li").first).to_contain_text("accepted")
    expect(page.locator(".story li").last).to_contain_text("Delivery")
    expect(page.get_by_role("region", name="Event")).to_have_count(0)
    (mail,) = stack.mails(message_id)
    assert "Shipping to Norway" in mail["subject"]


def test_an_address_is_taken_off_the_suppression_list(page: Page, stack: LocalStack) -> None:
    address = f"{unique()}@example.com"
    stack.client("sesv2").put_suppressed_destination(EmailAddress=address, Reason="BOUNCE")
    go(page, stack, "/suppression")
    page.get_by_role("button", name=f"Take {address} off the list").click()
    page.get_by_role("dialog").get_by_role("button", name="Take off the list").click()
    expect(page.get_by_role("heading", name=f"{address} is off the list")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text(address)).to_have_count(0)


def test_without_the_token_nothing_is_shown_until_it_is_given(browser: Browser, stack: LocalStack) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        go(page, stack, "/review")
        expect(page.get_by_role("heading", name="The token is missing")).to_be_visible()
        page.get_by_label("Address or token").fill(stack.console)
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", name="Waiting for a person")).to_be_visible()


def test_the_command_serves_a_stack_on_loopback_until_ctrl_c(stack: LocalStack) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ops", "console", "--json", "--port", "0"],
        cwd=ROOT,
        env=environment(stack),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        address, _, token = json.loads(process.stdout.readline())["console"].partition("/#token=")
        assert address.startswith("http://127.0.0.1:")
        answers = [
            stack.http.get(f"{address}/fragment/review", headers={TOKEN_HEADER: given})
            for given in (token, "")
        ]
        assert [answer.status_code for answer in answers] == [200, 401]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_an_accessibility_fault(browser: Browser, stack: LocalStack, scheme: Any) -> None:
    (message_id,) = held(stack, 1, unique())
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(stack.console)
        paths = (
            "/?window=hour",
            "/review",
            "/review?group=1",
            f"/messages/{message_id}",
            "/audit",
            "/suppression",
        )
        for path in paths:
            go(page, stack, path)
            inspect(page)
        go(page, stack, f"/messages/{message_id}")
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        inspect(page)


def inspect(page: Page) -> None:
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
