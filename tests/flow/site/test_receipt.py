"""The receipt in a real browser: reference, live status, and what the address tells."""

import json
import re
from collections import deque

import pytest
from playwright.sync_api import Page, expect

from schemas.record import Status
from tests.flow.site.conftest import Visit
from tests.flow.site.stub import SITE, Api
from tests.flow.site.visitor import VALUES, expect_receipt, fill, send

ENGLISH = json.loads((SITE / "texts.json").read_text())["en"]
LINK = "/#m=0b2f9a52-1111-4222-8333-444455556666"
HELD = {
    "bounced",
    "soft_bounced",
    "complained",
    "rejected",
    "suppressed",
    "review",
    "outcome_unknown",
    "discarded",
}


def look_until(page: Page, heading: str) -> None:
    """Lets the page's clock run until the status reads so."""
    for _ in range(60):
        if page.inner_text("#status-heading") == heading:
            return
        page.clock.run_for(1000)
    raise AssertionError(f"{page.inner_text('#status-heading')!r} never became {heading!r}")


def test_the_status_moves_from_queued_to_delivered(visit: Visit, api: Api) -> None:
    api.statuses = deque([404, "queued", "sending", "sent", "delivered"])
    page = visit(clock=True)
    fill(page)
    send(page)
    expect_receipt(page)
    expect(page.locator("#receipt-title")).to_be_focused()
    assert page.inner_text("#reference") == api.posts[0]["body"]["submissionId"]
    for heading in ("We have your message", "Sent", "Delivered"):
        look_until(page, heading)
    expect(page.locator("#steps .step-done")).to_have_count(3)
    expect(page.locator("#steps time").first).to_have_attribute("datetime", "2026-11-24T23:11:09.123Z")
    page.wait_for_timeout(500)  # a look that is on its way is counted when it arrives
    looks = api.looks
    page.clock.run_for(120_000)
    assert api.looks == looks, "a settled message is not asked about again"


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_words(visit: Visit, api: Api, status: Status) -> None:
    api.statuses = deque([status.value])
    page = visit(LINK)
    expect(page.locator("#status-detail")).to_have_text(ENGLISH[f"status.{status.value}.detail"])
    expect(page.locator("#status-heading")).to_have_text(ENGLISH[f"status.{status.value}.heading"])
    tone = page.get_attribute("#receipt", "data-tone")
    assert (tone == "held") == (status.value in HELD)


def test_a_receipt_opened_again_shows_the_status(visit: Visit, api: Api) -> None:
    api.statuses = deque(["sent"])
    page = visit(LINK)
    expect_receipt(page)
    expect(page.locator("#status-heading")).to_have_text("Sent")
    expect(page.locator("#steps .step-current")).to_have_attribute("aria-current", "step")


@pytest.mark.parametrize("refusal", [404, 400])
def test_an_unknown_reference_is_not_called_queued(visit: Visit, api: Api, refusal: int) -> None:
    api.statuses = deque([refusal])
    page = visit(LINK)
    expect(page.locator("#status-heading")).to_have_text("Not found")


@pytest.mark.parametrize("fragment", ["#m=", "#m=../x", "#m=<img src=x>", f"#m={'a' * 81}", "#other"])
def test_an_illegal_reference_opens_the_form_and_asks_nothing(visit: Visit, api: Api, fragment: str) -> None:
    page = visit(f"/{fragment}")
    expect(page.locator("#send")).to_be_enabled()
    expect(page.locator("#form")).to_be_visible()
    assert api.looks == 0


def test_the_address_holds_the_reference_and_nothing_else(visit: Visit, api: Api) -> None:
    page = visit("/?lang=en")
    fill(page)
    send(page)
    expect_receipt(page)
    assert re.search(r"/\?lang=en#m=[0-9a-f-]{36}$", page.url)
    assert page.evaluate("JSON.stringify(Object.keys(history.state))") == '["acceptedAt"]'
    page.go_back()
    expect(page.locator("#form")).to_be_visible()
    expect(page.locator("#message")).to_have_value("")
    assert VALUES["email"] not in page.content()


def test_a_hidden_page_asks_nothing(visit: Visit, api: Api) -> None:
    api.statuses = deque(["queued"])
    page = visit(LINK, clock=True)
    expect(page.locator("#status-heading")).to_have_text("We have your message")
    page.evaluate(
        """() => {
            Object.defineProperty(document, 'hidden', {get: () => globalThis.away, configurable: true});
            globalThis.away = true;
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    page.wait_for_timeout(500)  # a look that is on its way is counted when it arrives
    looks = api.looks
    page.clock.run_for(300_000)
    assert api.looks == looks
    api.statuses = deque(["delivered"])
    page.evaluate("() => { globalThis.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    expect(page.locator("#status-heading")).to_have_text("Delivered")


def test_looks_without_an_answer_are_said_and_go_on(visit: Visit, api: Api) -> None:
    api.statuses = deque([503, 503, "delivered"])
    page = visit(LINK, clock=True)
    expect(page.locator("#status-checked")).to_contain_text("cannot be checked just now")
    look_until(page, "Delivered")
    expect(page.locator("#status-checked")).to_be_hidden()


def test_looking_ends_some_time_and_can_be_asked_for_again(visit: Visit, api: Api) -> None:
    api.statuses = deque(["review"])
    page = visit(LINK, clock=True)
    for _ in range(120):
        if page.locator("#check").is_visible():
            break
        page.clock.run_for(15_000)
    page.wait_for_timeout(500)  # a look that is on its way is counted when it arrives
    looks = api.looks
    assert looks < 60
    page.clock.run_for(600_000)
    assert api.looks == looks
    api.statuses = deque(["delivered"])
    page.click("#check")
    expect(page.locator("#status-heading")).to_have_text("Delivered")


def test_the_reference_can_be_copied(visit: Visit, api: Api) -> None:
    page = visit(LINK, permissions=["clipboard-read", "clipboard-write"])
    page.click("#copy-reference")
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == LINK.removeprefix("/#m=")


def test_where_copying_is_forbidden_the_reference_is_selected(visit: Visit, api: Api) -> None:
    page = visit(LINK)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')); }")
    page.click("#copy-reference")
    expect(page.locator("#copied")).to_contain_text("by hand")
    assert page.evaluate("getSelection().toString()") == LINK.removeprefix("/#m=")
