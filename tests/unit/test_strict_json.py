import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import strict_json


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"text"',
        "null",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": -Infinity}',
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 2}}',
        '{"a": "\\ud800"}',
        '{"\\udfff": 1}',
        "\ud800",
        '{"a":' * 100_000,
        "[" * 100_000,
        '{"a": 1}x',
        "\ufeff{}",
        "1" * 5000,
        '{"a": ' + "1" * 5000 + "}",
        '{"a": 1e999}',
    ],
)
def test_what_the_standard_forbids_is_refused_by_name(text: str) -> None:
    with pytest.raises(strict_json.NotStrictJsonError):
        strict_json.loads(text)


@given(st.dictionaries(st.text(), st.text() | st.integers(-(2**53), 2**53) | st.none() | st.booleans()))
def test_what_json_writes_is_read_back_unchanged(document: dict[str, object]) -> None:
    assert strict_json.loads(json.dumps(document)) == document


@given(st.text())
def test_no_text_raises_anything_else(text: str) -> None:
    try:
        assert isinstance(strict_json.loads(text), dict)
    except strict_json.NotStrictJsonError:
        return
