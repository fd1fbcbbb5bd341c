"""Sending from a real browser against an API that accepts, refuses, drops, stalls."""

from collections import deque

import pytest
from playwright.sync_api import Page, expect

from tests.flow.site.conftest import Visit
from tests.flow.site.stub import Api
from tests.flow.site.visitor import VALUES, expect_receipt, expect_values, fill, send


def ids(api: Api) -> list[str]:
    return [post["body"]["submissionId"] for post in api.posts]


def pass_time(page: Page, api: Api, posts: int) -> None:
    """Lets the page's clock run until the API has seen that many posts."""
    for _ in range(200):
        if len(api.posts) >= posts:
            return
        page.clock.run_for(1000)
        # The network runs in real time: a clock that ran ahead of it would time out requests on their way.
        page.wait_for_timeout(50)
    raise AssertionError(f"{len(api.posts)} posts, expected {posts}")


def test_the_post_has_the_shape_of_the_contract(visit: Visit, api: Api) -> None:
    page = visit()
    fill(page)
    send(page)
    expect_receipt(page)
    (post,) = api.posts
    body = post["body"]
    assert post["path"] == "/prod/sendEmail"
    assert post["type"] == "application/json"
    assert {key: body[key] for key in VALUES} == VALUES
    assert body["website"] == ""
    assert isinstance(body["fillMilliseconds"], int)
    assert body["fillMilliseconds"] > 0
    assert set(body) == {*VALUES, "website", "submissionId", "fillMilliseconds", "stamp"}


def test_two_clicks_send_one_message(visit: Visit, api: Api) -> None:
    page = visit()
    fill(page)
    page.dblclick("#send")
    page.evaluate("document.getElementById('form').requestSubmit()")
    expect_receipt(page)
    assert len(api.posts) == 1


def test_while_sending_the_form_is_busy_and_can_be_stopped(visit: Visit, api: Api) -> None:
    api.answers = deque(["stall"])
    page = visit()
    fill(page)
    send(page)
    expect(page.locator("#form")).to_have_attribute("aria-busy", "true")
    expect(page.locator("#send")).to_have_text("Sending…")
    expect(page.locator("#message")).not_to_be_editable()
    page.click("#stop")
    expect(page.locator("#failure")).to_contain_text("You stopped the sending.")
    expect(page.locator("#send")).to_have_text("Try again")
    expect(page.locator("#message")).to_be_editable()
    expect_values(page)


@pytest.mark.parametrize("trouble", [429, 500, 503, 504, "drop"])
def test_passing_trouble_is_retried_by_itself_under_the_same_id(
    visit: Visit, api: Api, trouble: int | str
) -> None:
    api.answers = deque([trouble, trouble, 202])
    page = visit(clock=True)
    fill(page)
    send(page)
    pass_time(page, api, 3)
    expect_receipt(page)
    assert len(set(ids(api))) == 1


def test_a_stalled_request_is_given_up_and_retried(visit: Visit, api: Api) -> None:
    api.answers = deque(["stall", 202])
    page = visit(clock=True)
    fill(page)
    send(page)
    pass_time(page, api, 2)
    expect_receipt(page)
    assert len(set(ids(api))) == 1


def test_lasting_trouble_ends_with_a_clear_word_and_the_text_kept(visit: Visit, api: Api) -> None:
    api.answers = deque([503])
    page = visit(clock=True)
    fill(page)
    send(page)
    pass_time(page, api, 5)
    expect(page.locator("#failure")).to_contain_text("Our server has a problem.")
    expect_values(page)
    api.answers = deque([202])
    page.get_by_role("button", name="Try again").click()
    expect_receipt(page)
    assert len(api.posts) == 6
    assert len(set(ids(api))) == 1


def test_an_edited_text_is_a_message_of_its_own(visit: Visit, api: Api) -> None:
    api.answers = deque([403])
    page = visit()
    fill(page)
    send(page)
    expect(page.locator("#failure")).not_to_be_empty()
    page.fill("#message", "Something else")
    send(page)
    expect(page.locator("#failure")).not_to_be_empty()
    page.fill("#message", VALUES["message"])
    send(page)
    expect(page.locator("#failure")).not_to_be_empty()
    first, second, third = ids(api)
    assert first != second
    assert third == first


def test_a_text_sent_again_after_a_reload_keeps_its_id(visit: Visit, api: Api) -> None:
    api.answers = deque([403, 202])
    page = visit()
    fill(page)
    send(page)
    expect(page.locator("#failure")).not_to_be_empty()
    page.reload()
    expect_values(page)
    send(page)
    expect_receipt(page)
    assert len(set(ids(api))) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [(400, "did not accept"), (403, "not set up"), (413, "too large"), (415, "not set up")],
)
def test_a_refusal_is_said_at_once_and_not_retried(visit: Visit, api: Api, status: int, words: str) -> None:
    api.answers = deque([status])
    page = visit(clock=True)
    fill(page)
    send(page)
    expect(page.locator("#failure")).to_contain_text(words)
    page.clock.run_for(60_000)
    assert len(api.posts) == 1
    expect_values(page)


def test_offline_is_noticed_and_sending_goes_on_when_the_network_is_back(visit: Visit, api: Api) -> None:
    page = visit()
    fill(page)
    page.context.set_offline(offline=True)
    send(page)
    expect(page.locator("#progress")).to_contain_text("You seem to be offline.")
    page.context.set_offline(offline=False)
    expect_receipt(page)
    assert len(api.posts) == 1


def test_after_success_nothing_typed_is_left_in_the_browser(visit: Visit, api: Api) -> None:
    page = visit()
    fill(page)
    send(page)
    expect_receipt(page)
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert page.input_value("#message") == ""
    assert page.context.cookies() == []
    page.get_by_role("button", name="Send another message").click()
    expect(page.locator("#name")).to_be_focused()
    assert "#" not in page.url
    fill(page)
    send(page)
    expect_receipt(page)
    assert len(set(ids(api))) == 2


def test_without_a_worker_the_message_goes_without_a_stamp(visit: Visit, api: Api) -> None:
    page = visit()
    page.evaluate("() => { delete globalThis.Worker; }")
    fill(page)
    send(page)
    expect_receipt(page)
    assert api.posts[0]["body"]["stamp"] == ""
