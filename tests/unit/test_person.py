import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.person import NotAnAddressError, Person, Relation
from tests.fakes.records import SUBMISSION

ANN = Person.of("ann@example.com")
MUELLER = Person.of("Ann@M\u00fcller.example")


def submission(**changed: object) -> str:
    return json.dumps(SUBMISSION | changed)


@pytest.mark.parametrize(
    "email",
    [
        "ann@m\u00fcller.example",
        "ANN@M\u00dcLLER.EXAMPLE",
        "ann@xn--mller-kva.example",
        "Ann@XN--MLLER-KVA.example",
    ],
)
def test_one_person_has_many_spellings(email: str) -> None:
    assert Person.of(email).address == MUELLER.address == "ann@xn--mller-kva.example"
    assert MUELLER.relation(submission(email=email)) is Relation.THEIRS


@pytest.mark.parametrize(
    "email",
    ["joann@example.com", "ann@example.com.au", "ann+x@example.com", "x.ann@example.com", "ann@example.co"],
)
def test_a_longer_or_shorter_address_is_another_person(email: str) -> None:
    assert ANN.relation(submission(email=email)) is Relation.NONE
    assert ANN.relation(f"not json {email}") is Relation.NONE


@pytest.mark.parametrize(
    "text",
    ["Write to ann@example.com.", "<ANN@example.com>", "mailto:ann@example.com?x", "(ann@example.com)"],
)
def test_a_message_of_somebody_else_that_names_the_address_is_theirs_not_hers(text: str) -> None:
    assert ANN.relation(submission(email="bob@example.com", message=text)) is Relation.MENTIONS


def test_what_cannot_be_read_or_has_no_sender_is_hers_if_it_names_her() -> None:
    event = json.dumps({"mail": {"headers": [{"name": "Reply-To", "value": "ann@example.com"}]}})
    unreadable = '{"email": "ann@example.com", "a": NaN}'
    assert [ANN.relation(text) for text in (event, unreadable, "ann@example.com")] == [Relation.THEIRS] * 3
    assert [ANN.relation(text) for text in ("{}", "", "null", '{"messageId": "m1", "reason": "x"}')] == [
        Relation.NONE
    ] * 4


def test_an_address_written_in_escapes_is_found() -> None:
    escaped = "".join(f"\\u{ord(character):04x}" for character in "ann@example.com")
    assert ANN.relation(f'{{"email": "{escaped}"}}') is Relation.THEIRS
    assert ANN.relation(f'{{"email": "bob@example.com", "message": "{escaped}"}}') is Relation.MENTIONS
    assert MUELLER.relation('{"a": NaN, "email": "ann@m\\u00fcller.example"}') is Relation.THEIRS


@pytest.mark.parametrize(
    "text", ["", "ann", "ann@example", "a b@example.com", "ann@example.com\n", "x" * 300 + "@example.com"]
)
def test_what_no_visitor_could_have_given_is_no_address(text: str) -> None:
    with pytest.raises(NotAnAddressError):
        Person.of(text)


@given(st.text())
def test_no_text_raises(text: str) -> None:
    for body in (text, json.dumps({"email": text}), json.dumps({"email": 1, "x": text})):
        ANN.relation(body)


def wrapped(text: str) -> str:
    return json.dumps({"urlencoded": base64.b64encode(text.encode()).decode(), "form": "sales"})


@pytest.mark.parametrize("name", ["email", "_replyto", "Email"])
def test_a_plain_form_that_waits_in_the_queue_is_hers(name: str) -> None:
    assert ANN.relation(wrapped(f"{name}=ann%40example.com&message=Hi")) is Relation.THEIRS
    assert MUELLER.relation(wrapped(f"{name}=ann%40m%C3%BCller.example&message=Hi")) is Relation.THEIRS
    assert ANN.relation(wrapped(f"{name}=bob%40example.com&message=ann%40example.com")) is Relation.MENTIONS
    assert ANN.relation(wrapped(f"{name}=joann%40example.com&message=Hi")) is Relation.NONE


def test_what_no_form_can_be_read_from_is_hers_if_it_names_her() -> None:
    for text in (
        "email=ann%40example.com&x=%zz",
        "email=ann@example.com&x=%zz",
        "email=ann%40example.com" + "&a=1" * 300,
    ):
        assert ANN.relation(wrapped(text)) is Relation.THEIRS
        assert ANN.relation(text) is Relation.THEIRS
    assert ANN.relation(wrapped("email=bob%40example.com&x=%zz")) is Relation.NONE
