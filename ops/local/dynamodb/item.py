"""An item of moto's in two forms: plain JSON for the frequent calls, moto's own for everything else."""

from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, LimitedSizeDict
from moto.dynamodb.models.dynamo_type import Item as MotoItem

from ops.local.dynamodb.tokens import Item, Value


class PlainItem(MotoItem):  # type: ignore[misc]  # moto publishes no types
    """Made from JSON; moto's form is built when moto first asks for it.

    moto changes `attrs` in place, after which `changed_by_moto` has to drop the JSON.
    """

    def __init__(self, hash_key: DynamoType, range_key: DynamoType | None, plain: Item) -> None:
        self.hash_key = hash_key
        self.range_key = range_key
        self._plain: Item | None = plain
        self._attrs: LimitedSizeDict | None = None

    @property
    def attrs(self) -> LimitedSizeDict:
        if self._attrs is None:
            self._attrs = _moto_form(self._plain or {})
        return self._attrs

    @attrs.setter
    def attrs(self, attrs: LimitedSizeDict) -> None:
        self._attrs, self._plain = attrs, None

    @property
    def plain(self) -> Item:
        if self._plain is None:
            self._plain = plain_form(self)
        return self._plain

    def changed_by_moto(self) -> None:
        self._plain = None


def plain(item: MotoItem) -> Item:
    found: Item = item.plain if isinstance(item, PlainItem) else plain_form(item)
    return found


def plain_form(item: MotoItem) -> Item:
    return {name: _plain_value(value) for name, value in item.attrs.items()}


def _plain_value(value: DynamoType) -> Value:
    content = value.value
    if value.type == "M":
        content = {name: _plain_value(member) for name, member in content.items()}
    elif value.type == "L":
        content = [_plain_value(member) for member in content]
    return {value.type: content}


def _moto_form(item: Item) -> LimitedSizeDict:
    """Past LimitedSizeDict's own insertion, which measures the whole item for each attribute."""
    attrs = LimitedSizeDict()
    for name, value in item.items():
        dict.__setitem__(attrs, name, DynamoType(value))
    return attrs


def storable(value: Any) -> bool:
    """Whether a value is of the kinds that are the same in JSON and in moto: no binary and no set."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    [(kind, content)] = value.items()
    if kind == "M":
        return isinstance(content, dict) and all(storable(member) for member in content.values())
    if kind == "L":
        return isinstance(content, list) and all(storable(member) for member in content)
    if kind in {"BOOL", "NULL"}:
        return isinstance(content, bool)
    return kind in {"S", "N"} and isinstance(content, str)
