"""Every pattern that meets a stranger's text takes linear time, shown by its shape and not by a clock."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import handlers
import handlers.core
import schemas
from ops.person import Person
from tests.fakes.regex_shape import problems

BAD = [
    r"(a+)+$",
    r"^(a+)+$",
    r"^(a|a)*b",
    r"^(a.|.b)*c",
    r"^a*a*b",
    r"^(\w+\s?)*$",
    r"^(.*)*x",
    r"^(a*)*b",
    r"\s+$",
    r"a[ab]*c",
    r"^([a-z]+\.?)+@",
]
GOOD = [
    r"^a*b*c",
    r"^(a|ab)*c",
    r"^(?:\.[a-z]+)*$",
    r"a[^a]*b",
    r"^(?:ab|cd)*$",
    r"https?://\S*",
    r"^[a-z]{0,60}[a-z]$",
]
EDGE = [handlers, handlers.core, schemas]


def _named() -> Iterator[tuple[str, str]]:
    """Module attributes that are patterns, compiled or named so."""
    for package in EDGE:
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    yield f"{found.name}.{name}", value.pattern
                elif name.endswith("_PATTERN"):
                    yield f"{found.name}.{name}", value


def _written() -> Iterator[tuple[str, str]]:
    """Patterns that stand as text in a call of `re`, and in a field of a model."""
    for package in EDGE:
        for path in Path(package.__path__[0]).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from ((f"{path.name}:{node.lineno}", text) for text in _texts(node))


def _texts(call: ast.Call) -> Iterator[str]:
    of_re = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "re"
    given = call.args[:1] if of_re else [k.value for k in call.keywords if k.arg == "pattern"]
    for argument in given:
        if isinstance(argument, ast.Constant):
            yield str(argument.value)


PATTERNS = dict(
    [*_named(), *_written(), ("ops.person", Person.of("a.b@m\u00fcller.example").pattern.pattern)]
)


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS.keys())
def test_no_text_can_be_divided_among_loops_in_many_ways(pattern: str) -> None:
    assert problems(pattern) == []


def test_the_patterns_of_the_form_and_of_the_content_rules_are_among_them() -> None:
    assert {name.rpartition(".")[2] for name in PATTERNS} >= {
        "ADDRESS_PATTERN",
        "LINE_PATTERN",
        "MESSAGE_PATTERN",
        "MESSAGE_ID_PATTERN",
        "_LINK",
        "_REPEATED",
    }


@pytest.mark.parametrize("pattern", BAD)
def test_the_check_sees_what_is_known_to_explode(pattern: str) -> None:
    assert problems(pattern)


@pytest.mark.parametrize("pattern", GOOD)
def test_the_check_lets_pass_what_is_known_to_be_linear(pattern: str) -> None:
    assert problems(pattern) == []
