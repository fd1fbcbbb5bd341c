"""Why a regular expression could take more than linear time, read from its own parse tree.

CPython's matcher backtracks, so time explodes where one text can be divided among repetitions in many ways:
https://docs.python.org/3/library/re.html and https://owasp.org/www-community/attacks/Regular_expression_Denial_of_Service_-_ReDoS
The check is stricter than it must be: what it passes is linear, what it names may still be.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from re import _constants as code  # type: ignore[attr-defined]  # untyped, as the parser is
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Node = tuple[Any, Any]
#: Enough characters to tell any two classes of ours apart: ASCII, Latin, and each border that a pattern names.
_BORDERS = (
    0x2028,
    0x202A,
    0x2066,
    0xD7FF,
    0xD800,
    0xDBFF,
    0xDC00,
    0xDFFF,
    0xF900,
    0xFDF0,
    0xFFEF,
    0xFFFE,
    0xFFFF,
)
_SAMPLE = frozenset([*range(0x180), 0x3BF, 0x430, *_BORDERS, 0x1F600])
#: A loop that cannot go round more often costs a constant.
_SHORT = 80
_LOOPS = (code.MAX_REPEAT, code.MIN_REPEAT)
_CATEGORIES = {code.CATEGORY_SPACE: r"\s", code.CATEGORY_WORD: r"\w", code.CATEGORY_DIGIT: r"\d"}
_CATEGORIES |= {code.CATEGORY_NOT_SPACE: r"\S", code.CATEGORY_NOT_WORD: r"\W", code.CATEGORY_NOT_DIGIT: r"\D"}


def problems(pattern: str) -> list[str]:
    tree = list(_parser.parse(pattern))
    return [*_nested(tree), *(_restarts(tree) if not _anchored(tree) else [])]


def _anchored(nodes: list[Node]) -> bool:
    """Every way into it begins with `^`, so that a search tries it once."""
    match nodes[0]:
        case (code.BRANCH, (_, ways)):
            return all(_anchored(list(way)) for way in ways)
        case (op, where):
            return bool(op is code.AT and where in (code.AT_BEGINNING, code.AT_BEGINNING_STRING))


def _restarts(nodes: list[Node]) -> Iterator[str]:
    """A search begins anew at each character; what a loop has read must then not be read again."""
    start = _first(nodes)
    for node in nodes[:-1]:
        if _long(node) and _characters([node]) & start:
            yield "a search can begin within what a loop has read"
    if _long(nodes[0]):
        yield "begins with a loop"


def _nested(nodes: list[Node]) -> Iterator[str]:
    for left, right in pairwise(nodes):
        if _long(left) and _varies(right) and _characters([left]) & _first([right]):
            yield "two loops in a row share characters"
    for node in nodes:
        for body in _bodies(node):
            yield from _nested(body)
        if _long(node):
            yield from _rounds(list(node[1][2]))


def _rounds(body: list[Node]) -> Iterator[str]:
    """What one round of a loop may look like."""
    if len(body) == 1 and body[0][0] is code.SUBPATTERN:
        body = list(body[0][1][3])
    if _empty(body):
        yield "a round can be empty"
    if any(node[0] is code.BRANCH and not _distinct(node) for node in body):
        yield "a round can be read two ways"
    elif body[0][0] is not code.BRANCH and any(map(_varies, body)) and not _delimited(body):
        yield "a loop in a loop, and nothing marks where a round ends"


def _distinct(branch: Node) -> bool:
    """The first character says which of its ways it is."""
    ways = _bodies(branch)
    starts = [_first(way) for way in ways]
    return sum(map(len, starts)) == len(frozenset().union(*starts)) and sum(map(_empty, ways)) <= 1


def _delimited(body: list[Node]) -> bool:
    """Its first or last character occurs nowhere else in a round."""
    ends = ((body[0], body[1:]), (body[-1], body[:-1]))
    return any(_single(end) and not _characters([end]) & _characters(rest) for end, rest in ends)


def _single(node: Node) -> bool:
    return node[0] in (code.LITERAL, code.NOT_LITERAL, code.IN, code.ANY)


def _long(node: Node) -> bool:
    return node[0] in _LOOPS and node[1][1] > _SHORT


def _varies(node: Node) -> bool:
    loops = node[0] in _LOOPS and node[1][0] != node[1][1]
    return loops or any(_varies(inner) for body in _bodies(node) for inner in body)


def _bodies(node: Node) -> list[list[Node]]:
    match node:
        case (code.SUBPATTERN, (*_, body)) | (code.ASSERT | code.ASSERT_NOT, (_, body)):
            return [list(body)]
        case (code.MAX_REPEAT | code.MIN_REPEAT, (_, _, body)):
            return [list(body)]
        case (code.BRANCH, (_, ways)):
            return [list(way) for way in ways]
    return []


def _empty(nodes: list[Node]) -> bool:
    return all(
        node[0] in (code.AT, code.ASSERT, code.ASSERT_NOT)
        or (node[0] in _LOOPS and (node[1][0] == 0 or _empty(list(node[1][2]))))
        or (node[0] in (code.SUBPATTERN, code.BRANCH) and any(map(_empty, _bodies(node))))
        for node in nodes
    )


def _first(nodes: list[Node]) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    for node in nodes:
        if node[0] in (code.AT, code.ASSERT, code.ASSERT_NOT):
            continue
        bodies = _bodies(node)
        found |= frozenset().union(*map(_first, bodies)) if bodies else _characters([node])
        if not _empty([node]):
            break
    return found


def _characters(nodes: list[Node]) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    for node in nodes:
        match node:
            case (code.LITERAL, character):
                found |= {character}
            case (code.NOT_LITERAL, character):
                found |= _SAMPLE - {character}
            case (code.IN, members):
                found |= _members(members)
            case (code.ANY, _) | (code.GROUPREF, _):
                found |= _SAMPLE
            case (code.AT | code.ASSERT | code.ASSERT_NOT, _):
                continue
            case _ if bodies := _bodies(node):
                found |= _characters([inner for body in bodies for inner in body])
            case _:
                raise NotImplementedError(str(node[0]))
    return found


def _members(members: list[Node]) -> frozenset[int]:
    found: frozenset[int] = frozenset()
    for op, value in members:
        if op is code.LITERAL:
            found |= {value}
        elif op is code.RANGE:
            found |= {character for character in _SAMPLE if value[0] <= character <= value[1]}
        elif op is code.CATEGORY:
            found |= {c for c in _SAMPLE if re.match(_CATEGORIES[value], chr(c))}
    return _SAMPLE - found if members[0][0] is code.NEGATE else found
