"""`make screenshots`: takes the README's pictures from the running system."""

from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import executable
from tests.flow.stack import LocalStack, started

IMAGES = Path(__file__).parent / "images"


def write_message(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("Name").fill("Ann Example")
    page.get_by_label("E-mail address").fill("ann@example.com")
    page.get_by_label("Subject").fill("Do you ship to Norway?")
    page.get_by_role("textbox", name="Message").fill("Hello,\n\nI would like two of the blue ones.\n\nAnn")


def fill(stack: LocalStack) -> None:
    """One message bounces, which suppresses its owner until that is mended; of the others some are held."""
    stack.play_next("bounce")
    stack.wait_for(stack.accepted(subject="To a mailbox that is gone"), "bounced")
    stack.client("sesv2").delete_suppressed_destination(EmailAddress="owner@contactflow.example")
    sent = [
        stack.accepted(subject=f"Question {number}", **({"website": "x"} if number % 6 == 0 else {}))
        for number in range(24)
    ]
    for message_id in sent:
        stack.wait_for(message_id, "delivered", "review")


def console(page: Page, stack: LocalStack) -> None:
    page.set_viewport_size({"width": 1280, "height": 1200})
    page.goto(stack.console)
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.screenshot(path=IMAGES / "console.png")
    page.get_by_role("link", name="Review").click()
    expect(page.get_by_role("heading", name="Waiting for a person")).to_be_visible()
    page.keyboard.press("a")
    page.get_by_role("button", name="Deliver").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.screenshot(path=IMAGES / "console-review.png")


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
        fill(stack)
        console(page, stack)
        browser.close()


if __name__ == "__main__":
    main()
