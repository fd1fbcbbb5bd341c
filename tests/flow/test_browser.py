"""A person's way through the real stack in a real browser: form, receipt, mailbox."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.flow.stack import PATIENCE, LocalStack

pytestmark = pytest.mark.xdist_group("stack")
MILLISECONDS = PATIENCE * 1000


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(MILLISECONDS)
    yield opened
    context.close()


def write(page: Page, stack: LocalStack, message: str) -> None:
    page.goto(stack.site)
    page.get_by_label("Name").fill("Ann Example")
    page.get_by_label("E-mail address").fill("ann@example.com")
    page.get_by_label("Subject").fill("A question")
    page.get_by_role("textbox", name="Message").fill(message)
    page.get_by_role("button", name="Send message").click()


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [v["id"] for v in found if v["impact"] in ("serious", "critical")]


def test_a_visitor_s_message_is_seen_delivered_and_stands_in_the_mailbox(
    page: Page, stack: LocalStack
) -> None:
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    before = {mail["id"] for mail in stack.mails()}
    write(page, stack, "Grüße & <b>bold</b> 😀\nשלום")
    expect(page.locator("#status-heading")).to_have_text("Delivered")
    assert serious(page) == []
    [mail] = [mail for mail in stack.mails() if mail["id"] not in before]
    assert mail["text"].startswith("Grüße & <b>bold</b> 😀\nשלום")
    assert mail["replyTo"] == ["ann@example.com"]
    page.goto(stack.mailbox)
    page.get_by_text("A question", exact=False).first.click()
    expect(page.get_by_text("ann@example.com").first).to_be_visible()
    # While the table does not have the id yet, the status is a 404, which Chromium reports by itself.
    assert [line for line in complaints if "404" not in line] == []


def test_a_visitor_whose_mail_bounces_reads_that_a_person_looks_at_it(page: Page, stack: LocalStack) -> None:
    stack.play_next("bounce")
    write(page, stack, "This one bounces")
    expect(page.get_by_text("person is looking", exact=False).first).to_be_visible()
    ses = stack.client("sesv2")
    for listed in ses.list_suppressed_destinations()["SuppressedDestinationSummaries"]:
        ses.delete_suppressed_destination(EmailAddress=listed["EmailAddress"])


def test_the_form_has_no_serious_accessibility_fault(page: Page, stack: LocalStack) -> None:
    page.goto(stack.site)
    expect(page.get_by_role("button", name="Send message")).to_be_visible()
    assert serious(page) == []
