"""GetItem, PutItem and UpdateItem: each answers (HTTP status, body) or declines with UnsupportedError."""

import json
import threading
from collections.abc import Mapping
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

from ops.local import cloud
from ops.local.dynamodb import condition, update
from ops.local.dynamodb.item import PlainItem, plain, storable
from ops.local.dynamodb.tokens import Item, UnsupportedError

Answer = tuple[int, dict[str, Any]]
# One writer or reader at a time, moto's own calls included: see ops/local/patches/dynamodb.py.
lock = threading.RLock()

# moto refuses an item of more than 400 KB itself.
_LARGE = 300_000
_COMMON = {"TableName", "ReturnConsumedCapacity"}
_GET = _COMMON | {"Key", "ConsistentRead"}
_WRITE = _COMMON | {
    "ConditionExpression",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
}
_PUT = _WRITE | {"Item"}
_UPDATE = _WRITE | {"Key", "UpdateExpression"}


def get_item(call: Mapping[str, Any]) -> Answer:
    only(call, _GET)
    table = table_named(call)
    with lock:
        found = current(table, call["Key"], exact=True)
        return 200, {} if found is None else {"Item": found}


def put_item(call: Mapping[str, Any]) -> Answer:
    only(call, _PUT)
    if call.get("ReturnValues", "NONE") != "NONE":
        raise UnsupportedError("ReturnValues")
    table, item = table_named(call), call["Item"]
    _check_storable(table, item)
    _check_placeholders(call, _condition(call)[1])
    with lock:
        refused = _refused(call, current(table, item, exact=False))
        if refused is None:
            _store(table, item)
    return refused or (200, {})


def update_item(call: Mapping[str, Any]) -> Answer:
    only(call, _UPDATE)
    if call.get("ReturnValues", "NONE") not in {"NONE", "ALL_NEW"}:
        raise UnsupportedError("ReturnValues")
    table, key = table_named(call), call["Key"]
    change, used = update.compiled(call.get("UpdateExpression", ""))
    _check_placeholders(call, used | _condition(call)[1])
    with lock:
        held = current(table, key, exact=True)
        refused = _refused(call, held)
        if refused is not None:
            return refused
        names, values = call.get("ExpressionAttributeNames", {}), call.get("ExpressionAttributeValues", {})
        new = change(held or key, names, values)
        if any(new.get(name) != value for name, value in key.items()):
            raise UnsupportedError("an update of the key")
        _check_storable(table, new)
        _store(table, new)
    return 200, {"Attributes": new} if call.get("ReturnValues") == "ALL_NEW" else {}


def only(call: Mapping[str, Any], known: set[str]) -> None:
    if not call.keys() <= known or call.get("ReturnConsumedCapacity", "NONE") != "NONE":
        raise UnsupportedError(", ".join(call.keys() - known))


def table_named(call: Mapping[str, Any]) -> Table:
    table = dynamodb_backends[cloud.ACCOUNT][cloud.REGION].tables.get(call.get("TableName"))
    if table is None or table.stream_shard is not None or not table.has_range_key:
        raise UnsupportedError("no such table, or one with a stream or without a sort key")
    return table


def current(table: Table, item: Item, *, exact: bool) -> Item | None:
    """The stored item with the key in `item`, which has nothing else if `exact`."""
    key = {table.hash_key_attr: table.hash_key_type, table.range_key_attr: table.range_key_type}
    if (exact and item.keys() != key.keys()) or any(
        not item.get(name, {}).get(kind) for name, kind in key.items()
    ):
        raise UnsupportedError("an incomplete key")
    by_range = table.items.get(DynamoType(item[table.hash_key_attr]), {})
    found = by_range.get(DynamoType(item[table.range_key_attr]))
    return None if found is None else plain(found)


def _store(table: Table, item: Item) -> None:
    hash_key, range_key = DynamoType(item[table.hash_key_attr]), DynamoType(item[table.range_key_attr])
    table.items[hash_key][range_key] = PlainItem(hash_key, range_key, item)


def _condition(call: Mapping[str, Any]) -> tuple[condition.Condition, frozenset[str]]:
    if "ConditionExpression" not in call:
        return (lambda *_: True), frozenset()
    return condition.compiled(call["ConditionExpression"])


def _refused(call: Mapping[str, Any], held: Item | None) -> Answer | None:
    names, values = call.get("ExpressionAttributeNames", {}), call.get("ExpressionAttributeValues", {})
    if _condition(call)[0](held or {}, names, values):
        return None
    body = {
        "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "message": "The conditional request failed",
    }
    wanted = call.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD" and held is not None
    return 400, body | ({"Item": held} if wanted else {})


def _check_placeholders(call: Mapping[str, Any], used: frozenset[str]) -> None:
    """DynamoDB refuses a placeholder that is not used, and one that is not defined."""
    names, values = call.get("ExpressionAttributeNames", {}), call.get("ExpressionAttributeValues", {})
    if names.keys() | values.keys() != used or not all(storable(value) for value in values.values()):
        raise UnsupportedError("placeholders")


def _check_storable(table: Table, item: Item) -> None:
    if not all(storable(value) for value in item.values()) or len(json.dumps(item)) > _LARGE:
        raise UnsupportedError("values that moto keeps otherwise")
    kinds = {attribute["AttributeName"]: attribute["AttributeType"] for attribute in table.attr}
    for name, kind in kinds.items():
        if name in item and not item[name].get(kind):
            raise UnsupportedError("a key attribute of another type or empty")
