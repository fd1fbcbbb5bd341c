"""`make screenshots`: takes the README's pictures from the running system."""

from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import executable
from tests.flow.stack import started

IMAGES = Path(__file__).parent / "images"


def write_message(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("Name").fill("Ann Example")
    page.get_by_label("E-mail address").fill("ann@example.com")
    page.get_by_label("Subject").fill("Do you ship to Norway?")
    page.get_by_role("textbox", name="Message").fill("Hello,\n\nI would like two of the blue ones.\n\nAnn")


def main() -> None:
    with started() as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 900}, locale="en-GB")
        write_message(page, stack.site)
        page.screenshot(path=IMAGES / "form.png")
        page.get_by_role("button", name="Send message").click()
        expect(page.locator("#status-heading")).to_have_text("Delivered", timeout=60_000)
        page.screenshot(path=IMAGES / "receipt.png")
        page.goto(stack.mailbox)
        page.screenshot(path=IMAGES / "mailbox.png")
        browser.close()


if __name__ == "__main__":
    main()
