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


@pytest.mark.parametrize("trap", ["_gotcha", "botcheck"])
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
