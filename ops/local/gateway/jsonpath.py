"""The definite JSONPath expressions: `$`, `.name`, `['name']`, `[0]`."""

import re
from functools import lru_cache
from typing import Any

_STEP = re.compile(r"""\.([\w$-]+)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]""")


class UnsupportedPathError(ValueError):
    """Wildcards, filters, slices and `..` are not emulated."""


def find(document: Any, path: str) -> Any:
    """The value at path; an empty string where nothing is.

    Templates compare a missing value with "" to find an absent DynamoDB item:
    https://repost.aws/questions/QUpOZU07nmQTCGGYDFLjkv5g
    """
    value = document
    for step in _steps(path):
        if not _has(value, step):
            return ""
        value = value[step]
    return value


def _has(value: Any, step: str | int) -> bool:
    if isinstance(step, int):
        return isinstance(value, list) and step < len(value)
    return isinstance(value, dict) and step in value


@lru_cache(maxsize=256)
def _steps(path: str) -> tuple[str | int, ...]:
    steps: list[str | int] = []
    position = 1
    if not path.startswith("$"):
        raise UnsupportedPathError(path)
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise UnsupportedPathError(path)
        index = match[4]
        steps.append(int(index) if index is not None else match[match.lastindex or 1])
        position = match.end()
    return tuple(steps)
