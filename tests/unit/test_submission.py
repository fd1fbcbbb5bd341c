import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from handlers.core.address import UnusableAddressError, to_ascii
from schemas.submission import Submission

#: embeddings, overrides and isolates: https://www.unicode.org/reports/tr9/
_BIDI_CONTROLS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
PLAIN = {"email": "ann@example.com", "subject": "Hello", "message": "Hi"}


def read(**changed: object) -> Submission:
    return Submission.model_validate(PLAIN | changed)


def test_the_three_fields_of_a_plain_post_are_enough() -> None:
    assert read().submissionId == ""


@pytest.mark.parametrize(
    "text", ["&\"'\n%+=", "😀" * 1000, "שלום", "مرحبا", "a\tb\r\nc", "<script>", "x" * 1000, "\u202eabc"]
)
def test_hostile_but_legal_messages_are_taken(text: str) -> None:
    assert read(message=text).message == text


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "\ud800", "\ufffe", "\x1b[31m", "\x85", "x" * 1001])
def test_messages_that_sqs_or_a_reader_could_not_take_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read(message=text)


@pytest.mark.parametrize("field", ["subject", "name"])
@pytest.mark.parametrize(
    "text",
    [
        "a\nBcc: x@example.com",
        "a\r",
        "a\n",
        "=?utf-8?q?x?=",
        "a\u2028b",
        "a\u2029b",
        "a\u202eb",
        "a\x0bb",
        "x" * 101,
    ],
)
def test_nothing_that_could_open_a_second_header_passes_a_single_line_field(field: str, text: str) -> None:
    with pytest.raises(ValidationError):
        read(**{field: text})


def test_no_single_line_field_takes_a_character_that_breaks_a_line_or_turns_the_text_after_it() -> None:
    every = [chr(number) for number in range(sys.maxunicode + 1)]
    breaking = [c for c in every if len(f"a{c}b".splitlines()) > 1]
    turning = [c for c in every if unicodedata.bidirectional(c) in _BIDI_CONTROLS]
    control = [c for c in every if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
    assert "\x85" in breaking
    assert "\u2066" in turning
    for character in {*breaking, *turning, *control}:
        for field in ("subject", "name"):
            with pytest.raises(ValidationError):
                read(**{field: f"a{character}b"})


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u200c", "\u200d", "\ufeff"])
def test_marks_that_turn_nothing_but_themselves_pass_since_right_to_left_keyboards_type_them(
    mark: str,
) -> None:
    assert read(subject=f"C++{mark} \u05e9\u05dc\u05d5\u05dd").subject


@pytest.mark.parametrize(
    "address",
    [
        "a@example.com\n",
        "a.@example.com",
        ".a@example.com",
        "a..b@example.com",
        "a@example",
        "a@1.2.3.4",
        "a@[1.2.3.4]",
        '"a b"@example.com',
        "a b@example.com",
        "a@-b.example",
        "a@b-.example",
        "a@b..example",
        "ä@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b." * 130 + "com",
        "a@example.com,b@example.com",
        "a@b@example.com",
        "Ann <a@example.com>",
    ],
)
def test_addresses_that_no_mail_could_safely_carry_are_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        read(email=address)


@pytest.mark.parametrize(
    "address", ["a+b@example.com", "o'neil@example.com", "a@xn--mller-kva.example", "a@b.c.de"]
)
def test_ordinary_addresses_are_taken_unchanged(address: str) -> None:
    assert to_ascii(read(email=address).email) == address


def test_an_international_domain_becomes_punycode() -> None:
    assert to_ascii(read(email="a@müller.example").email) == "a@xn--mller-kva.example"


def test_a_domain_that_idna_forbids_is_named_unusable() -> None:
    with pytest.raises(UnusableAddressError):
        to_ascii("a@\u2100.example\u3002")


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        read(bcc="x@example.com")


def test_an_error_never_quotes_what_was_sent() -> None:
    with pytest.raises(ValidationError) as refused:
        read(email="canary-address", message="canary\x00text")
    assert "canary" not in str(refused.value)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_any_field(text: str) -> None:
    for field in ("email", "subject", "message", "name", "website", "submissionId", "stamp", "form"):
        try:
            read(**{field: text})
        except ValidationError:
            continue
