"""UpdateExpression, compiled once per text.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

import functools
from collections.abc import Callable
from decimal import Decimal

from ops.local.dynamodb.tokens import Item, Names, Path, Tokens, UnsupportedError, Value, Values, find

_Operand = Callable[[Item, Names, Values], Value | None]
# None removes what is at the path.
_Action = tuple[Path, _Operand]
Update = Callable[[Item, Names, Values], Item]


@functools.lru_cache(maxsize=512)
def compiled(expression: str) -> tuple[Update, frozenset[str]]:
    """(update, the placeholders it uses); the update answers a new item and leaves the old one as it is."""
    tokens = Tokens.of(expression)
    actions: list[_Action] = []
    clauses = {"SET": _set, "ADD": _add, "REMOVE": _remove}
    while tokens.rest:
        clause = clauses.pop(tokens.next().upper(), None)
        if clause is None:
            raise UnsupportedError(expression)
        actions.append(clause(tokens))
        while tokens.accept(","):
            actions.append(clause(tokens))
    return lambda item, names, values: _apply(actions, item, names, values), frozenset(tokens.used)


def _set(tokens: Tokens) -> _Action:
    path = tokens.path()
    tokens.expect("=")
    if tokens.peek().startswith(":"):
        placeholder = tokens.placeholder()
        return path, lambda _item, _names, values: values[placeholder]
    if tokens.next() != "if_not_exists":
        raise UnsupportedError("SET of anything but a value or if_not_exists")
    tokens.expect("(")
    existing = tokens.path()
    tokens.expect(",")
    fallback = tokens.placeholder()
    tokens.expect(")")
    return path, lambda item, names, values: find(item, existing(names)) or values[fallback]


def _add(tokens: Tokens) -> _Action:
    path = tokens.path()
    placeholder = tokens.placeholder()
    return path, lambda item, names, values: _sum(find(item, path(names)), values[placeholder])


def _sum(old: Value | None, step: Value) -> Value:
    if "N" not in step or (old is not None and "N" not in old):
        raise UnsupportedError("ADD to anything but a number")
    return {"N": f"{Decimal(old['N']) + Decimal(step['N']):f}"} if old else step


def _remove(tokens: Tokens) -> _Action:
    return tokens.path(), lambda _item, _names, _values: None


def _apply(actions: list[_Action], old: Item, names: Names, values: Values) -> Item:
    """Every operand is read from the old item, whatever the order of the clauses."""
    changes = [(path(names), operand(old, names, values)) for path, operand in actions]
    new = dict(old)
    for path, value in changes:
        holder = _own_map(new, path[:-1])
        if value is None:
            holder.pop(path[-1], None)
        else:
            holder[path[-1]] = value
    return new


def _own_map(item: Item, path: list[str]) -> Item:
    """The map at a path, copied so that the old item keeps its own."""
    holder = item
    for name in path:
        found = holder.get(name)
        if found is None or "M" not in found:
            raise UnsupportedError("the document path is invalid")
        copy = dict(found["M"])
        holder[name] = {"M": copy}
        holder = copy
    return holder
