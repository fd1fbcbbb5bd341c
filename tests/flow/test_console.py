"""The console in a real Chromium, on the running stack."""

import pytest
from playwright.sync_api import Page, expect

from tests.flow.console_page import go
from tests.flow.operator import held, unique
from tests.flow.stack import LocalStack, until

pytestmark = pytest.mark.xdist_group("stack")


def count(console: Page, label: str) -> int:
    station = console.locator(".station").filter(has=console.get_by_text(label, exact=True))
    return int(station.locator(".number").inner_text())


def test_the_overview_shows_a_delivered_message_without_reloading(console: Page, stack: LocalStack) -> None:
    before = count(console, "Delivered")
    stack.wait_for(stack.accepted(), "delivered")
    until(lambda: count(console, "Delivered"), lambda shown: shown > before)
    assert "token" not in console.url


def test_a_held_message_is_delivered_by_keys_alone(console: Page, stack: LocalStack) -> None:
    marker = unique()
    (message_id,) = held(stack, 1, marker)
    console.keyboard.press("v")
    expect(console.get_by_role("heading", name="Waiting for a person")).to_be_visible()
    console.keyboard.press("/")
    console.keyboard.type(marker)
    console.keyboard.press("Enter")
    expect(console.get_by_role("link", name="All", exact=True)).to_be_visible()
    console.keyboard.press("j")
    console.keyboard.press("d")
    expect(console.get_by_role("heading", name="Deliver: 1 message")).to_be_visible()
    console.keyboard.press("Enter")
    expect(console.get_by_role("heading", name="1 message handed to delivery")).to_be_visible()
    console.keyboard.press("Enter")
    expect(console.get_by_text("No message here")).to_be_visible()
    stack.wait_for(message_id, "delivered")
    assert len(stack.mails(message_id)) == 1


def test_many_are_previewed_by_cause_closed_and_taken_back(console: Page, stack: LocalStack) -> None:
    marker = unique()
    ids = held(stack, 3, marker)
    go(console, stack, f"/review?text={marker}")
    console.keyboard.press("a")
    console.get_by_role("button", name="Discard").click()
    dialog = console.get_by_role("dialog")
    expect(dialog.get_by_text("honeypot_filled")).to_be_visible()
    assert [stack.status(message_id) for message_id in ids] == ["review"] * 3
    dialog.get_by_label("Why").fill("spam")
    dialog.get_by_role("button", name="Discard 3").click()
    expect(console.get_by_role("heading", name="3 messages discarded")).to_be_visible()
    assert [stack.status(message_id) for message_id in ids] == ["discarded"] * 3
    console.keyboard.press("u")
    expect(console.get_by_role("heading", name="3 messages back in review")).to_be_visible()
    assert [stack.status(message_id) for message_id in ids] == ["review"] * 3
    go(console, stack, f"/audit?message={ids[0]}")
    expect(console.locator(".audit strong")).to_have_text(["undo", "discard"])
    expect(console.get_by_text("spam", exact=True)).to_be_visible()


def test_a_message_tells_its_story_and_is_sent_under_an_edited_subject(
    console: Page, stack: LocalStack
) -> None:
    (message_id,) = held(stack, 1, "a text for nobody else")
    go(console, stack, f"/messages/{message_id}")
    expect(console.get_by_text("a text for nobody else")).to_have_count(0)
    console.keyboard.press("m")
    expect(console.get_by_text("a text for nobody else")).to_be_visible()
    console.get_by_role("button", name="Send again").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_text("Edit the subject").click()
    dialog.get_by_label("Send under the subject").fill("Shipping to Norway")
    console.keyboard.press("Enter")
    expect(dialog.locator("del")).to_have_text("Hello")
    expect(dialog.locator("ins")).to_have_text("Shipping to Norway")
    assert stack.status(message_id) == "review"
    dialog.locator("#confirm").click()
    expect(console.get_by_role("heading", name="1 message sent again")).to_be_visible()
    console.keyboard.press("Escape")
    stack.wait_for(message_id, "delivered")
    expect(console.locator("h1 .badge")).to_have_text("delivered")
    expect(console.locator(".story li").first).to_contain_text("accepted")
    expect(console.locator(".story li").last).to_contain_text("Delivery")
    expect(console.get_by_role("region", name="Event")).to_have_count(0)
    (mail,) = stack.mails(message_id)
    assert "Shipping to Norway" in mail["subject"]


def test_an_address_is_taken_off_the_suppression_list(console: Page, stack: LocalStack) -> None:
    address = f"{unique()}@example.com"
    stack.client("sesv2").put_suppressed_destination(EmailAddress=address, Reason="BOUNCE")
    go(console, stack, "/suppression")
    console.get_by_role("button", name=f"Take {address} off the list").click()
    console.get_by_role("dialog").get_by_role("button", name="Take off the list").click()
    expect(console.get_by_role("heading", name=f"{address} is off the list")).to_be_visible()
    console.keyboard.press("Enter")
    expect(console.get_by_text(address)).to_have_count(0)


def test_a_held_message_is_sent_to_the_form_s_other_address_which_the_preview_shows(
    console: Page, stack: LocalStack
) -> None:
    message_id = stack.accepted(form="sales", website="x")
    stack.wait_for(message_id, "review")
    go(console, stack, f"/messages/{message_id}")
    console.get_by_role("button", name="Send again").click()
    dialog = console.get_by_role("dialog")
    dialog.get_by_label("To", exact=True).select_option("boss@contactflow.example")
    expect(dialog.locator("del")).to_have_text("sales@contactflow.example")
    expect(dialog.locator("ins")).to_have_text("boss@contactflow.example")
    expect(dialog.get_by_label("SES may have sent to boss@contactflow.example already")).not_to_be_checked()
    assert stack.status(message_id) == "review"
    dialog.locator("#confirm").click()
    expect(console.get_by_role("heading", name="1 message sent again")).to_be_visible()
    stack.wait_for(message_id, "delivered")
    assert [mail["to"] for mail in stack.mails(message_id)] == [["boss@contactflow.example"]]
