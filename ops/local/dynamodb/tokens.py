"""Expressions as tokens, and what both kinds of expression share."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

# {"S": "text"}, {"N": "1"}, {"M": {…}}, …
Value = dict[str, Any]
Item = dict[str, Value]
Names = Mapping[str, str]
Values = Mapping[str, Value]
Path = Callable[[Names], list[str]]

_TOKEN = re.compile(r"\s*([#:]?[A-Za-z0-9_]+|<=|>=|[=<>(),.+\-])")
_RESERVED = frozenset(word.upper() for word in ReservedKeywords.get_reserved_keywords())


class UnsupportedError(Exception):
    """Moto's own code has to answer, be it with a result or with an error."""


@dataclass
class Tokens:
    """A cursor over an expression, which notes the placeholders it passes."""

    rest: list[str]
    used: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, expression: str) -> "Tokens":
        found = _TOKEN.findall(expression)
        if _TOKEN.sub("", expression).strip():
            raise UnsupportedError(expression)
        return cls(found[::-1])

    def peek(self) -> str:
        return self.rest[-1].upper() if self.rest else ""

    def next(self) -> str:
        if not self.rest:
            raise UnsupportedError("the expression ends early")
        return self.rest.pop()

    def accept(self, word: str) -> bool:
        if self.peek() != word:
            return False
        self.rest.pop()
        return True

    def expect(self, word: str) -> None:
        if not self.accept(word):
            raise UnsupportedError(f"{word} expected")

    def path(self) -> Path:
        """`a`, `#a` or `a.#b`."""
        parts = [self._name()]
        while self.accept("."):
            parts.append(self._name())
        return lambda names: [names[part] if part[0] == "#" else part for part in parts]

    def _name(self) -> str:
        name = self.next()
        if name[0] == "#":
            self.used.add(name)
        elif not name[0].isalpha() or name.upper() in _RESERVED:
            raise UnsupportedError(name)
        return name

    def placeholder(self) -> str:
        """`:value`."""
        name = self.next()
        if name[0] != ":":
            raise UnsupportedError(name)
        self.used.add(name)
        return name


def find(item: Item, path: list[str]) -> Value | None:
    """The value at a path, None where there is none."""
    found = item.get(path[0])
    for name in path[1:]:
        if found is None or "M" not in found:
            return None
        found = found["M"].get(name)
    return found
