"""The form in a real browser: its rules, its words, and what it keeps."""

import pytest
from playwright.sync_api import Page, expect

from tests.flow.site.conftest import Visit
from tests.flow.site.stub import Api
from tests.flow.site.visitor import VALUES, expect_values, fill, send


def problem(page: Page, field: str) -> str:
    return page.locator(f"#{field}-problem").inner_text()


def test_an_empty_form_names_every_problem_and_goes_to_the_first(visit: Visit, api: Api) -> None:
    page = visit()
    send(page)
    expect(page.locator("#email")).to_be_focused()
    expect(page.locator("#failure")).to_have_text("3 fields need your attention.")
    assert problem(page, "subject") == "Enter a subject."
    for field in ("email", "subject", "message"):
        expect(page.locator(f"#{field}")).to_have_attribute("aria-invalid", "true")
    assert api.posts == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "ada", "like name@example.com"),
        ("email", "ada@localhost", "like name@example.com"),
        ("email", "ada@exa mple.com", "like name@example.com"),
        ("subject", " \t ", "Enter a subject."),
        ("subject", "=?utf-8?q?Bcc:?=", "hidden characters or “=?”"),
        ("subject", "left\u202eright", "hidden characters"),
        ("message", "bell\x07", "hidden control characters"),
        ("name", "   ", "leave it empty"),
    ],
)
def test_a_value_that_the_schema_refuses_is_explained(
    visit: Visit, api: Api, field: str, value: str, words: str
) -> None:
    page = visit()
    fill(page, **{field: value})
    page.locator(f"#{field}").blur()
    assert words in problem(page, field)
    send(page)
    expect(page.locator(f"#{field}")).to_be_focused()
    assert api.posts == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("subject", "x" * 101, "at most 100 characters"),
        ("message", "😀" * 501, "at most 1,000 characters"),
        ("email", f"{'x' * 250}@example.com", "at most 254 characters"),
    ],
)
def test_a_value_that_got_past_maxlength_is_refused(
    visit: Visit, api: Api, field: str, value: str, words: str
) -> None:
    page = visit()
    fill(page)
    page.locator(f"#{field}").evaluate("(control, value) => { control.value = value; }", value)
    send(page)
    assert words in problem(page, field)
    assert api.posts == []


@pytest.mark.parametrize(
    "changes",
    [
        {"email": "ada@bücher.example", "name": ""},
        {"email": "o'hara+a/b=c@sub.example.co", "subject": "x" * 100},
        {"message": "& \" ' \n % + = <script>alert(1)</script> 😀 \u202eشكرا"},
        {"message": "😀" * 500, "name": "مها"},
    ],
)
def test_what_the_schema_takes_arrives_as_typed(visit: Visit, api: Api, changes: dict[str, str]) -> None:
    page = visit()
    fill(page, **changes)
    send(page)
    expect(page.locator("#receipt")).to_be_visible()
    sent = api.posts[0]["body"]
    for field, value in changes.items():
        # Chromium gives an e-mail field's umlaut domain in punycode.
        assert sent[field] == value.replace("bücher", "xn--bcher-kva")


def test_a_problem_goes_away_as_soon_as_it_is_mended(visit: Visit) -> None:
    page = visit()
    fill(page, email="ada")
    page.locator("#email").blur()
    expect(page.locator("#email-problem")).to_be_visible()
    page.fill("#email", "ada@example.com")
    expect(page.locator("#email-problem")).to_be_hidden()
    assert page.get_attribute("#email", "aria-invalid") is None


def test_passing_an_empty_field_by_is_no_mistake(visit: Visit) -> None:
    page = visit()
    page.focus("#email")
    page.keyboard.press("Tab")
    expect(page.locator("#email-problem")).to_be_hidden()


def test_a_click_on_send_counts_although_the_field_left_has_a_problem(visit: Visit) -> None:
    page = visit()
    page.fill("#email", "ada")
    page.focus("#email")
    send(page)
    expect(page.locator("#failure")).to_have_text("3 fields need your attention.")


def test_the_counter_counts_and_speaks_near_the_end(visit: Visit) -> None:
    page = visit()
    page.fill("#message", "x" * 950)
    expect(page.locator("#message-count")).to_have_text("950 of 1,000 characters")
    expect(page.locator("#message-left")).to_have_text("50 characters left")


def test_a_pasted_text_is_never_cut_in_silence(visit: Visit) -> None:
    page = visit()
    # The script has taken over when it counts.
    expect(page.locator("#message-count")).to_have_text("0 of 1,000 characters")
    page.focus("#message")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData('text', 'x'.repeat(1001));
            document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true}));
        }"""
    )
    expect(page.locator("#message-problem")).to_contain_text("Its end is missing")


def test_an_unsent_text_survives_a_reload(visit: Visit) -> None:
    page = visit()
    fill(page)
    page.reload()
    expect(page.locator("#progress")).to_have_text("The text you had not sent yet is back.")
    expect_values(page)


def test_the_language_changes_in_place(visit: Visit) -> None:
    page = visit(locale="de-AT")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("h1")).to_have_text("Schreiben Sie uns")
    fill(page, email="ada")
    page.locator("#email").blur()
    page.get_by_text("English").click()
    assert problem(page, "email") == "Enter an e-mail address like name@example.com."
    expect(page.locator("#message")).to_have_value(VALUES["message"])
    page.reload()
    expect(page.locator("h1")).to_have_text("Write to us")


def test_lang_in_the_address_comes_first(visit: Visit) -> None:
    page = visit("/?lang=de")
    expect(page).to_have_title("Kontakt")
    expect(page.locator("#message-count")).to_have_text("0 von 1.000 Zeichen")


def test_a_missing_configuration_is_said_and_nothing_can_be_sent(visit: Visit) -> None:
    page = visit(connected=False)
    expect(page.locator("#config-missing")).to_contain_text("config.json is missing")
    expect(page.locator("#send")).to_be_disabled()


def test_without_scripts_the_page_says_so_and_shows_no_form(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    expect(page.locator("noscript .notice")).to_be_visible()
    expect(page.locator("#form")).to_be_hidden()


def test_people_cannot_reach_the_honeypot(visit: Visit) -> None:
    page = visit()
    expect(page.locator("#send")).to_be_enabled()
    reached = set()
    for _ in range(20):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    assert {"name", "email", "subject", "message", "send"} <= reached
    assert "website" not in reached
    assert "Website" not in page.locator("#form").aria_snapshot()
