"""JSON as the gateway's strict parser reads it."""

import json
import math
from collections.abc import Iterable
from typing import Any

# Jackson stops at 1,000 levels (StreamReadConstraints,
# https://github.com/FasterXML/jackson-core/wiki/Configuration). CPython 3.11's parser gives out a little
# before that, so half of it is a limit that every CPython keeps.
MAX_DEPTH = 500


class InvalidJsonError(ValueError):
    """The body is not JSON in UTF-8, or nothing that can be passed on unchanged."""


def _refuse(constant: str) -> float:
    raise InvalidJsonError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    if math.isfinite(number := float(digits)):
        return number
    raise InvalidJsonError("a number is too large")


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)


def parse(body: bytes) -> Any:
    """Read one document; of duplicate keys the last wins. Raises InvalidJsonError."""
    try:
        document = _DECODER.decode(body.decode())
    # ValueError also covers bytes that are not UTF-8, and integers above 4,300 digits
    # (https://docs.python.org/3/library/stdtypes.html#integer-string-conversion-length-limitation).
    except (ValueError, RecursionError) as error:
        raise InvalidJsonError("the body is not JSON") from error
    # The brackets bound the depth, so that ordinary bodies are not walked.
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _deeper_than(document, MAX_DEPTH):
        raise InvalidJsonError("the body is nested too deeply")
    return document


def serialise(value: Any) -> str:
    """Write compact JSON; non-ASCII characters stay as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _deeper_than(document: Any, limit: int) -> bool:
    level = [document]
    for _ in range(limit):
        level = [child for value in level for child in _members(value) if isinstance(child, (dict, list))]
        if not level:
            return False
    return True


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
