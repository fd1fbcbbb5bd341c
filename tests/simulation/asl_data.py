"""What Amazon States Language says of data: paths, templates, intrinsics, choice rules. Each is read once, used often.

https://states-language.net/spec.html
"""

import re
from collections.abc import Callable
from typing import Any

_ARGUMENT = re.compile(r"\s*(\$[\w.$]*|'[^']*')\s*(?:,|$)")

#: What stands there, given the state's input and the context object.
Reader = Callable[[Any, Any], Any]
Rule = Callable[[Any], bool]


def path(text: str) -> Reader:
    """`$.a.b` in the data, `$$.A.B` in the context. The reader raises KeyError where there is nothing."""
    of_context = text.startswith("$$")
    names = [name for name in text.lstrip("$").split(".") if name]

    def read(data: Any, context: Any) -> Any:
        value = context if of_context else data
        for name in names:
            value = value[name]
        return value

    return read


def _intrinsic(text: str) -> Reader:
    inner = re.fullmatch(r"States\.Format\((.*)\)", text)
    if inner is None:
        raise NotImplementedError(text)
    first, *rest = _ARGUMENT.findall(inner[1])
    words, arguments = first.strip("'"), [path(argument) for argument in rest]
    return lambda data, context: words.format(*(read(data, context) for read in arguments))


def template(payload: Any) -> Reader:
    """Fill in a payload template: every key that ends in `.$`."""
    match payload:
        case dict():
            entries = [_entry(key, value) for key, value in payload.items()]
            return lambda data, context: {key: read(data, context) for key, read in entries}
        case list():
            readers = [template(one) for one in payload]
            return lambda data, context: [read(data, context) for read in readers]
    return lambda _data, _context: payload


def _entry(key: str, value: Any) -> tuple[str, Reader]:
    if not key.endswith(".$"):
        return key, template(value)
    return key[:-2], path(value) if value.startswith("$") else _intrinsic(value)


def rule(written: dict[str, Any]) -> Rule:
    """A choice rule, for the operators that our state machine uses."""
    if "And" in written:
        rules = [rule(one) for one in written["And"]]
        return lambda data: all(holds(data) for holds in rules)
    read = path(written["Variable"])
    [(operator, expected)] = [(key, written[key]) for key in written if key not in ("Variable", "Next")]
    test = _test(operator, expected)

    def holds(data: Any) -> bool:
        try:
            return test(read(data, {}))
        except KeyError:
            return False

    return holds


def _test(operator: str, expected: Any) -> Callable[[Any], bool]:
    match operator:
        case "IsPresent":
            return lambda _value: expected is True
        case "IsString":
            return lambda value: isinstance(value, str) is expected
        case "IsNumeric":
            return lambda value: (isinstance(value, int | float) and not isinstance(value, bool)) is expected
        case "IsBoolean":
            return lambda value: isinstance(value, bool) is expected
        case "BooleanEquals":
            return lambda value: value is expected
    raise NotImplementedError(operator)
