"""Every state of the page in both colour schemes: axe finds nothing, and nothing overflows a narrow screen."""

from collections import deque

import pytest
from playwright.sync_api import Page, expect

from tests.flow import accessibility
from tests.flow.site.conftest import Visit
from tests.flow.site.stub import Api
from tests.flow.site.visitor import expect_receipt, fill, send


def inspect(page: Page) -> None:
    accessibility.inspect(page, axe_at=[1280], fits=[320, 768])


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_state_is_accessible(visit: Visit, api: Api, language: str) -> None:
    page = visit(f"/?lang={language}")
    expect(page.locator("#send")).to_be_enabled()
    inspect(page)
    send(page)
    expect(page.locator("#failure")).not_to_be_empty()
    inspect(page)
    api.answers = deque(["stall"])
    fill(page)
    send(page)
    expect(page.locator("#form")).to_have_attribute("aria-busy", "true")
    inspect(page)
    page.click("#stop")
    expect(page.locator("#failure")).not_to_be_empty()
    inspect(page)
    api.answers, api.statuses = deque([202]), deque([404])
    send(page)
    expect_receipt(page)
    inspect(page)


@pytest.mark.parametrize("status", ["delivered", "review", "sent", 404])
def test_every_kind_of_receipt_is_accessible(visit: Visit, api: Api, status: str | int) -> None:
    api.statuses = deque([status])
    page = visit("/#m=0b2f9a52-1111-4222-8333-444455556666")
    expect(page.locator("#status-heading")).not_to_have_text("Checking …")
    inspect(page)


def test_the_page_without_configuration_and_the_404_page_are_accessible(visit: Visit) -> None:
    page = visit(connected=False)
    expect(page.locator("#config-missing")).to_be_visible()
    inspect(page)
    page.goto(page.url + "404.html")
    inspect(page)


def test_the_form_is_filled_and_sent_with_the_keyboard_alone(visit: Visit, api: Api) -> None:
    page = visit()
    expect(page.locator("#send")).to_be_enabled()
    page.focus("#name")
    for text in ("Ada", "ada@example.com", "Hours", "Open?"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_receipt(page)
    assert api.posts[0]["body"]["message"] == "Open?"
