"""Query of an index and BatchGetItem, as operators and the sweeper ask: moto takes milliseconds an item."""

import re
from collections.abc import Iterator, Mapping
from operator import ge, gt, le, lt
from typing import Any

from moto.dynamodb.models.table import Table

from ops.local.dynamodb.calls import Answer, current, lock, only, table_named
from ops.local.dynamodb.item import plain
from ops.local.dynamodb.tokens import Item, UnsupportedError

# DynamoDB's page is 1 MB, which is some thousand index entries of a few hundred bytes:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
_PAGE = 2000
_QUERY = {
    "TableName",
    "IndexName",
    "KeyConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ScanIndexForward",
    "Select",
    "ExclusiveStartKey",
    "Limit",
    "ReturnConsumedCapacity",
}
# Without a placeholder a name may be one of DynamoDB's reserved words.
_CONDITION = re.compile(r"\s*(#\w+) = (:\w+)(?: AND (#\w+) (<=|>=|<|>) (:\w+))?\s*")
_COMPARE = {"<": lt, "<=": le, ">": gt, ">=": ge}
_Place = tuple[str, str, str]


def query(call: Mapping[str, Any]) -> Answer:
    """One page of an index whose keys are texts, ordered by its sort key and then by the table's keys."""
    only(call, _QUERY)
    table = table_named(call)
    index = {one.name: one for one in table.all_indexes()}.get(call.get("IndexName"))
    if index is None or len(index.schema) != len(table.schema) or call.get("Select", "COUNT") != "COUNT":
        raise UnsupportedError("no index of two keys, or a selection of attributes")
    keys = _Keys(table, index.schema)
    wanted, compare, than = _condition(call, keys)
    with lock:
        found = [
            (keys.place(item), item)
            for item in _items(table)
            if keys.indexed(item) and item[keys.hash]["S"] == wanted and compare(item[keys.range]["S"], than)
        ]
    found.sort(key=lambda pair: pair[0], reverse=not call.get("ScanIndexForward", True))
    return 200, _page(call, keys, found, index.projection)


class _Keys:
    """The names of an index's keys and of its table's."""

    def __init__(self, table: Table, schema: list[dict[str, str]]) -> None:
        by_type = {key["KeyType"]: key["AttributeName"] for key in schema}
        self.hash, self.range = by_type["HASH"], by_type["RANGE"]
        self.of_table = (str(table.hash_key_attr), str(table.range_key_attr))

    def indexed(self, item: Item) -> bool:
        """An item without one of the index's keys is not in the index."""
        return "S" in item.get(self.hash, {}) and "S" in item.get(self.range, {})

    def place(self, item: Item) -> _Place:
        first, second = self.of_table
        return item[self.range]["S"], item[first]["S"], item[second]["S"]

    @property
    def all(self) -> set[str]:
        return {self.hash, self.range, *self.of_table}


def _condition(call: Mapping[str, Any], keys: _Keys) -> tuple[str, Any, str]:
    """(hash key, comparison, what the sort key is compared with)."""
    parsed = _CONDITION.fullmatch(call["KeyConditionExpression"])
    if parsed is None:
        raise UnsupportedError("a key condition")
    hash_name, hash_value, range_name, operator, range_value = parsed.groups()
    names, values = call.get("ExpressionAttributeNames", {}), call["ExpressionAttributeValues"]
    used = {name for name in parsed.groups() if name and name[0] in "#:"}
    if names.keys() | values.keys() != used or not all(value.get("S") for value in values.values()):
        raise UnsupportedError("placeholders, or an empty key")
    if names[hash_name] != keys.hash or names.get(range_name, keys.range) != keys.range:
        raise UnsupportedError("a condition on another attribute")
    if range_name is None:
        return values[hash_value]["S"], ge, ""
    return values[hash_value]["S"], _COMPARE[operator], values[range_value]["S"]


def _items(table: Table) -> Iterator[Item]:
    return (plain(item) for by_range in table.items.values() for item in by_range.values())


def _page(
    call: Mapping[str, Any], keys: _Keys, found: list[tuple[_Place, Item]], projection: Mapping[str, Any]
) -> dict[str, Any]:
    if start := call.get("ExclusiveStartKey"):
        after = lt if call.get("ScanIndexForward", True) else gt
        found = [pair for pair in found if after(keys.place(start), pair[0])]
    size = min(call.get("Limit", _PAGE), _PAGE)
    page = [item for _place, item in found[:size]]
    answer: dict[str, Any] = {"Count": len(page), "ScannedCount": len(page)}
    if len(found) > size:
        answer["LastEvaluatedKey"] = {name: page[-1][name] for name in keys.all}
    if call.get("Select") != "COUNT":
        answer["Items"] = [_projected(item, keys, projection) for item in page]
    return answer


def _projected(item: Item, keys: _Keys, projection: Mapping[str, Any]) -> Item:
    if projection["ProjectionType"] == "ALL":
        return item
    kept = keys.all | set(projection.get("NonKeyAttributes") or ())
    return {name: value for name, value in item.items() if name in kept}


def batch_get_item(call: Mapping[str, Any]) -> Answer:
    only(call, {"RequestItems", "ReturnConsumedCapacity"})
    responses: dict[str, list[Item]] = {}
    for name, asked in call["RequestItems"].items():
        only(asked, {"Keys", "ConsistentRead"})
        keys = asked["Keys"]
        # DynamoDB's limit, and its ban on the same key twice, are for moto to say.
        if not 0 < len(keys) <= 100 or len({str(sorted(key.items())) for key in keys}) < len(keys):  # noqa: PLR2004
            raise UnsupportedError("more keys than one call may have")
        table = table_named({"TableName": name})
        with lock:
            held = [current(table, key, exact=True) for key in keys]
        responses[name] = [item for item in held if item is not None]
    return 200, {"Responses": responses, "UnprocessedKeys": {}}
