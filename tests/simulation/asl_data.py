"""What Amazon States Language says of data: paths, templates, intrinsics, choice rules.

https://states-language.net/spec.html
"""

import re
from functools import cache
from typing import Any

_ARGUMENT = re.compile(r"\s*(\$[\w.$]*|'[^']*')\s*(?:,|$)")


def path(text: str, data: Any, context: Any) -> Any:
    """`$.a.b` in the data, `$$.A.B` in the context. Raises KeyError where there is nothing."""
    of_context, names = _names(text)
    value = context if of_context else data
    for name in names:
        value = value[name]
    return value


@cache
def _names(text: str) -> tuple[bool, list[str]]:
    of_context = text.startswith("$$")
    return of_context, [name for name in text.lstrip("$").split(".") if name]


def _intrinsic(text: str, data: Any, context: Any) -> str:
    words, arguments = _format(text)
    return words.format(*(path(argument, data, context) for argument in arguments))


@cache
def _format(text: str) -> tuple[str, list[str]]:
    inner = re.fullmatch(r"States\.Format\((.*)\)", text)
    if inner is None:
        raise NotImplementedError(text)
    first, *rest = _ARGUMENT.findall(inner[1])
    return first.strip("'"), rest


def template(payload: Any, data: Any, context: Any) -> Any:
    """Fill in a payload template: every key that ends in `.$`."""
    match payload:
        case dict():
            return dict(_entry(key, value, data, context) for key, value in payload.items())
        case list():
            return [template(one, data, context) for one in payload]
    return payload


def _entry(key: str, value: Any, data: Any, context: Any) -> tuple[str, Any]:
    if not key.endswith(".$"):
        return key, template(value, data, context)
    read = path if value.startswith("$") else _intrinsic
    return key[:-2], read(value, data, context)


def holds(rule: dict[str, Any], data: Any) -> bool:
    """A choice rule's truth, for the operators that our state machine uses."""
    if "And" in rule:
        return all(holds(one, data) for one in rule["And"])
    try:
        value = path(rule["Variable"], data, {})
    except KeyError:
        return False
    [(operator, expected)] = [(key, rule[key]) for key in rule if key not in ("Variable", "Next")]
    match operator:
        case "IsPresent":
            found = True
        case "IsString":
            found = isinstance(value, str)
        case "IsNumeric":
            found = isinstance(value, int | float) and not isinstance(value, bool)
        case "IsBoolean":
            found = isinstance(value, bool)
        case "BooleanEquals":
            return bool(value is expected)
        case _:
            raise NotImplementedError(operator)
    return found is bool(expected)
