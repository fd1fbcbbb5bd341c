from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import plain_form
from handlers.core.plain_form import NotAFormError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(message=TEXT, subject=TEXT)
def test_any_text_arrives_as_it_was_typed(message: str, subject: str) -> None:
    assert plain_form.fields(
        urlencode({"_replyto": "a@example.com", "_subject": subject, "message": message})
    ) == {
        "email": "a@example.com",
        "subject": subject,
        "message": message,
    }


def test_other_fields_and_a_second_value_become_lines_of_the_message() -> None:
    assert plain_form.fields("message=Hi&Size=L&Size=M&message=again&_next=//evil.example")["message"] == (
        "Hi\nSize: L\nSize: M\nmessage: again"
    )


def test_capital_letters_in_a_field_s_name_make_no_difference() -> None:
    assert plain_form.fields("Email=a%40example.com&Message=Hi&NAME=Ann") == {
        "email": "a@example.com",
        "name": "Ann",
        "subject": "Message from the form",
        "message": "Hi",
    }


def test_the_visitor_s_address_comes_before_the_page_s_and_the_page_s_subject_before_the_visitor_s() -> None:
    read = plain_form.fields("replyto=o%40b.co&email=a%40b.co&subject=mine&_subject=Order&message=Hi")
    assert (read["email"], read["subject"]) == ("a@b.co", "Order")
    assert read["message"] == "Hi\nreplyto: o@b.co\nsubject: mine"


def test_one_address_under_two_names_is_no_line() -> None:
    assert plain_form.fields("email=a%40b.co&_replyto=a%40b.co&message=Hi")["message"] == "Hi"


@pytest.mark.parametrize(
    "name",
    ["form-name", "access_key", "_cc", "redirect", "_next", "g-recaptcha-response", "H-Captcha-Response"],
)
def test_an_instruction_to_a_hosted_service_is_no_part_of_the_message(name: str) -> None:
    assert plain_form.fields(f"message=Hi&{name}=https%3A%2F%2Fx.example")["message"] == "Hi"


@pytest.mark.parametrize("trap", ["_gotcha", "botcheck", "bot-field", "website"])
def test_a_filled_trap_is_the_honeypot(trap: str) -> None:
    assert plain_form.fields(f"message=Hi&{trap}=on")["website"] == "on"


@pytest.mark.parametrize("text", ["message=%", "message=%zz", "message=%ff", "a=1&" * 201])
def test_what_no_browser_sends_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(NotAFormError):
        plain_form.fields(text)


@pytest.mark.parametrize("wrapped", [None, 1, "!", "/w=="])
def test_what_the_gateway_does_not_wrap_is_refused(wrapped: object) -> None:
    with pytest.raises(NotAFormError):
        plain_form.unwrap({"urlencoded": wrapped})


def test_only_the_gateway_s_own_wrapping_is_taken_for_a_form() -> None:
    assert plain_form.is_wrapped({"urlencoded": ""})
    assert plain_form.is_wrapped({"urlencoded": "", "form": "sales"})
    assert not plain_form.is_wrapped({"form": "sales"})
    assert not plain_form.is_wrapped({"urlencoded": "", "email": "a@b.co"})
