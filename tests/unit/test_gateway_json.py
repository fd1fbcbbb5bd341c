import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.local.gateway import json_body
from ops.local.gateway.json_body import MAX_DEPTH, InvalidJsonError


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{}x",
        b"{'a':1}",
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":-Infinity}',
        b'{"a":1e400}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\n"}',
        b'{"a":"\xff"}',
        b'\xef\xbb\xbf{"a":1}',
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1),
    ],
)
def test_what_is_not_json_or_cannot_be_passed_on_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidJsonError):
        json_body.parse(body)


def test_the_deepest_document_allowed_is_read_and_written_again() -> None:
    body = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert json_body.serialise(json_body.parse(body)).encode() == body


def test_many_brackets_side_by_side_are_not_depth() -> None:
    assert len(json_body.parse(b"[" + b"[]," * 1000 + b"[]]")) == 1001


def test_the_last_of_two_equal_keys_wins() -> None:
    assert json_body.parse(b'{"a":1,"a":2}') == {"a": 2}


def test_a_long_integer_keeps_its_digits() -> None:
    digits = "9" * 1000
    assert json_body.serialise(json_body.parse(digits.encode())) == digits


@given(
    st.dictionaries(
        st.text(),
        st.text()
        | st.integers()
        | st.none()
        | st.booleans()
        | st.floats(allow_nan=False, allow_infinity=False),
    )
)
def test_a_document_is_written_as_it_was_read(document: dict[str, object]) -> None:
    assert json.loads(json_body.serialise(json_body.parse(json.dumps(document).encode()))) == document
