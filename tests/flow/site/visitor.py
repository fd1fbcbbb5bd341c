"""What a visitor does and sees, in the page's own terms."""

from playwright.sync_api import Page, expect

VALUES = {
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "subject": "Opening hours",
    "message": "Are you open in December?\nMany thanks",
}


def fill(page: Page, **changes: str) -> None:
    expect(page.locator("#send")).to_be_enabled()
    for field, value in {**VALUES, **changes}.items():
        page.fill(f"#{field}", value)


def send(page: Page) -> None:
    page.click("#send")


def expect_receipt(page: Page) -> None:
    expect(page.locator("#receipt")).to_be_visible()
    expect(page.locator("#form")).to_be_hidden()


def expect_values(page: Page) -> None:
    for field, value in VALUES.items():
        expect(page.locator(f"#{field}")).to_have_value(value)
