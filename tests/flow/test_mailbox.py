"""The mailbox page in a real Chromium."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ops.local.ses.faults import FaultKind
from ops.local.ses.outcomes import Outcome
from tests.fakes.mailbox_page import LINKS, Door, Mailbox, door
from tests.fakes.ses_world import request
from tests.flow.accessibility import inspect

HOSTILE = (
    "<script>document.title='broken'</script>",
    '"><img src=x onerror="document.title=1">',
    "{{ 7 * 7 }} {% raw %}",
    "</pre></bdi></script><!-- \u202e\u2066 & ' % +",
)


@pytest.fixture(scope="module")
def entrance() -> Iterator[Door]:
    with door() as opened:
        yield opened


@pytest.fixture
def box(entrance: Door) -> Mailbox:
    return entrance.new_mailbox()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def mail(subject: str, text: str, html: str | None = None) -> dict[str, Any]:
    body = {"Text": {"Data": text}} | ({"Html": {"Data": html}} if html is not None else {})
    return request(Content={"Simple": {"Subject": {"Data": subject}, "Body": body}})


def filled(box: Mailbox) -> str:
    """Every kind of thing there is to show; returns the id of a mail with all parts."""
    for number, outcome in enumerate(Outcome):
        box.ses.script.add(outcome)
        box.ses.send(request(EmailTags=[{"Name": "messageId", "Value": f"m-{number}"}]))
        box.world.run()
        box.statuses[f"m-{number}"] = ("delivered", "soft_bounced", "complained", "queued", "sent")[
            number % 5
        ]
    box.ses.script.add(Outcome.COMPLAINT, mails=2)
    box.ses.faults.begin(FaultKind.OUTAGE)
    return box.store.mails()[0].id


@pytest.mark.parametrize("shown", ["empty", "inbox", "html", "text", "headers", "events", "missing"])
def test_no_page_has_an_accessibility_fault(page: Page, box: Mailbox, shown: str) -> None:
    mail_id = "" if shown == "empty" else filled(box)
    paths = {"empty": "/", "inbox": "/", "missing": "/messages/unknown"}
    page.goto(box.url + paths.get(shown, f"/messages/{mail_id}?part={shown}"))
    inspect(page, axe_at=[1280, 320] if shown in {"empty", "inbox", "html"} else [320])


def test_an_empty_mailbox_says_what_to_do(page: Page, box: Mailbox) -> None:
    page.goto(box.url)
    expect(page.get_by_text("No mail yet")).to_be_visible()
    link = page.get_by_role("main").get_by_role("link", name="contact form")
    expect(link).to_have_attribute("href", LINKS["Contact form"])


def test_a_mail_and_its_status_appear_without_reloading(page: Page, box: Mailbox) -> None:
    page.goto(box.url)
    box.ses.send(request())
    expect(page.get_by_role("link", name="Hello [1234]")).to_be_visible()
    box.statuses["m-1"] = "delivered"
    expect(page.get_by_role("main").get_by_text("delivered", exact=True)).to_be_visible()


def test_the_next_mail_is_scripted_by_a_button_and_taken_back(page: Page, box: Mailbox) -> None:
    page.goto(box.url)
    page.get_by_role("group", name="The next mail meets").get_by_role("button", name="Complaint").click()
    expect(page.get_by_text("The next mail is delivered, then marked as spam.")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("SES is told.")
    page.get_by_role("button", name="Outage (503)").click()
    expect(page.get_by_text("Every SendEmail call is answered 503: unavailable.")).to_be_visible()
    page.get_by_role("button", name="Back to normal").click()
    expect(page.get_by_text("Nothing is scripted")).to_be_visible()
    assert not box.ses.script.pending()
    assert box.ses.faults.current() is None


def test_a_stored_mail_bounces_by_a_button_and_its_address_is_suppressed(page: Page, box: Mailbox) -> None:
    mail_id = box.ses.send(request())
    box.world.run()
    page.goto(f"{box.url}/messages/{mail_id}")
    page.get_by_role("group", name="Let SES report").get_by_role("button", name="Bounce", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("SES is told.")
    box.world.run()
    expect(page.get_by_text("Permanent · General")).to_be_visible()
    page.get_by_role("button", name="Take owner@example.org off the list").click()
    expect(page.get_by_role("heading", name="Suppression list")).to_be_hidden()
    assert box.ses.suppression.entries() == []


def test_buttons_work_without_the_page_s_script(browser: Browser, box: Mailbox) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(box.url)
        page.get_by_role("button", name="Reject").click()
        expect(page.get_by_text("The next mail is rejected for its content.")).to_be_visible()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_text(page: Page, box: Mailbox, hostile: str) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    mail_id = box.ses.send(mail(hostile, hostile))
    box.world.run()
    page.goto(box.url)
    expect(page.locator(".subject")).to_have_text(hostile)
    page.goto(f"{box.url}/messages/{mail_id}?part=text")
    expect(page.get_by_role("heading", level=1)).to_have_text(hostile)
    assert page.get_by_label("Text part of the mail").text_content() == hostile
    page.goto(f"{box.url}/messages/{mail_id}?part=events")
    page.locator("summary").first.click()
    assert page.title().startswith(hostile.strip()[:5])
    assert faults == []


def test_the_html_part_keeps_its_look_and_runs_nothing(page: Page, box: Mailbox) -> None:
    refused: dict[str, str | None] = {}
    page.on("requestfailed", lambda made: refused.update({made.url: made.failure}))
    html = (
        '<p style="color: rgb(1, 2, 3)">Styled</p><script>parent.document.title = "broken"</script>'
        '<img src="http://tracker.example/pixel.gif"><form action="/next" method="post">'
        '<button name="outcome" value="bounce">Win</button></form>'
    )
    mail_id = box.ses.send(mail("Hello", "Hello", html))
    page.goto(f"{box.url}/messages/{mail_id}")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_text("Styled")).to_have_css("color", "rgb(1, 2, 3)")
    frame.get_by_role("button", name="Win").click()
    expect(frame.get_by_text("Styled")).to_be_visible()
    assert page.title().startswith("Hello")
    assert not box.ses.script.pending()
    assert refused["http://tracker.example/pixel.gif"] == "csp"


def test_everything_is_reached_with_the_keyboard(page: Page, box: Mailbox) -> None:
    box.ses.send(request())
    page.goto(box.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hello [1234]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Delivery")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Back to normal")).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Back to normal")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is scripted")).to_be_visible()
    page.get_by_role("link", name="Hello [1234]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hello [1234]")


def test_new_mail_does_not_take_the_focus_away(page: Page, box: Mailbox) -> None:
    box.ses.send(mail("First", "Hi"))
    page.goto(box.url)
    page.get_by_role("link", name="First").focus()
    box.ses.send(mail("Second", "Hi"))
    expect(page.get_by_role("link", name="Second")).to_be_visible()
    expect(page.get_by_role("link", name="First")).to_be_focused()
