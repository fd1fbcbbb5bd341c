"""A tab of the console."""

from playwright.sync_api import Page, expect

from tests.flow.stack import LocalStack


def go(page: Page, stack: LocalStack, path: str) -> None:
    page.goto(stack.console.partition("/#")[0] + path)
    expect(page.locator("#main")).to_have_attribute("aria-busy", "false")
