"""ConditionExpression, compiled once per text.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

import functools
import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ops.local.dynamodb.tokens import Item, Names, Path, Tokens, UnsupportedError, Value, Values, find

Condition = Callable[[Item, Names, Values], bool]

_COMPARATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@functools.lru_cache(maxsize=512)
def compiled(expression: str) -> tuple[Condition, frozenset[str]]:
    """(condition, the placeholders it uses)."""
    tokens = Tokens.of(expression)
    condition = _either(tokens)
    if tokens.rest:
        raise UnsupportedError(expression)
    return condition, frozenset(tokens.used)


def _either(tokens: Tokens) -> Condition:
    terms = [_all(tokens)]
    while tokens.accept("OR"):
        terms.append(_all(tokens))
    if len(terms) == 1:
        return terms[0]
    return lambda item, names, values: any(term(item, names, values) for term in terms)


def _all(tokens: Tokens) -> Condition:
    terms = [_negatable(tokens)]
    while tokens.accept("AND"):
        terms.append(_negatable(tokens))
    if len(terms) == 1:
        return terms[0]
    return lambda item, names, values: all(term(item, names, values) for term in terms)


def _negatable(tokens: Tokens) -> Condition:
    if tokens.accept("NOT"):
        term = _negatable(tokens)
        return lambda item, names, values: not term(item, names, values)
    if tokens.accept("("):
        inner = _either(tokens)
        tokens.expect(")")
        return inner
    return _existence(tokens) if tokens.peek().startswith("ATTRIBUTE_") else _comparison(tokens)


def _existence(tokens: Tokens) -> Condition:
    function = tokens.next()
    if function not in {"attribute_exists", "attribute_not_exists"}:
        raise UnsupportedError(function)
    tokens.expect("(")
    path = tokens.path()
    tokens.expect(")")
    wanted = function == "attribute_exists"
    return lambda item, names, _values: (find(item, path(names)) is not None) == wanted


def _comparison(tokens: Tokens) -> Condition:
    path = tokens.path()
    if tokens.accept("IN"):
        return _membership(path, tokens)
    symbol = tokens.next()
    if symbol not in _COMPARATORS:
        raise UnsupportedError(symbol)
    compare = _COMPARATORS[symbol]
    right = tokens.placeholder()
    return lambda item, names, values: _holds(compare, find(item, path(names)), values[right])


def _membership(path: Path, tokens: Tokens) -> Condition:
    tokens.expect("(")
    members = [tokens.placeholder()]
    while tokens.accept(","):
        members.append(tokens.placeholder())
    tokens.expect(")")
    return lambda item, names, values: any(
        _holds(operator.eq, find(item, path(names)), values[member]) for member in members
    )


def _holds(compare: Callable[[Any, Any], bool], left: Value | None, right: Value) -> bool:
    """A missing attribute and one of another type compare as false."""
    [(kind, content)] = right.items()
    if kind not in {"S", "N", "BOOL"}:
        raise UnsupportedError(kind)
    if left is None or kind not in left:
        return False
    if kind == "N":
        return compare(Decimal(left["N"]), Decimal(content))
    return compare(left[kind], content)
