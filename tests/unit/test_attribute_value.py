from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from handlers.attribute_value import from_dynamodb, to_dynamodb

LEAVES = st.none() | st.booleans() | st.integers(-(10**37), 10**37) | st.text()
VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@given(VALUES)
def test_what_we_write_is_what_boto3_would_write(value: Any) -> None:
    assert to_dynamodb(value) == TypeSerializer().serialize(value)


@given(VALUES)
def test_what_we_read_is_what_boto3_would_read(value: Any) -> None:
    typed = TypeSerializer().serialize(value)
    assert from_dynamodb(typed) == TypeDeserializer().deserialize(typed) == value


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, 0.5])
def test_what_a_record_never_holds_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        to_dynamodb(value)


def test_a_fraction_is_not_rounded() -> None:
    assert from_dynamodb({"N": "0.1"}) == "0.1"
