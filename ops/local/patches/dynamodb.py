"""DynamoDB: moto checks a condition and writes in two steps, so that two threads can both win.

Each call of moto's has the table to itself, its answer included, together with the frequent calls that
`ops.local.dynamodb` answers without moto's parsers.
"""

import functools
from collections.abc import Callable
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.responses import DynamoHandler

from ops.local.dynamodb.calls import lock
from ops.local.dynamodb.item import PlainItem

_ALONE = ("put_item", "delete_item", "transact_write_items", "get_item", "query", "scan")


def apply() -> None:
    DynamoHandler.call_action = _alone(DynamoHandler.call_action)
    for name in _ALONE:
        setattr(DynamoDBBackend, name, _alone(getattr(DynamoDBBackend, name)))
    DynamoDBBackend.update_item = _alone(_noticing(DynamoDBBackend.update_item))


def _alone(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def locked(*arguments: Any, **named: Any) -> Any:
        with lock:
            return method(*arguments, **named)

    return locked


def _noticing(update_item: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(update_item)
    def noticed(*arguments: Any, **named: Any) -> Any:
        item = update_item(*arguments, **named)
        if isinstance(item, PlainItem):
            item.changed_by_moto()
        return item

    return noticed
