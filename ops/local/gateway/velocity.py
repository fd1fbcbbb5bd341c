"""Velocity templates by airspeed, with five of its departures from Velocity mended.

tests/unit/test_vtl_engine.py fails when one of them is no longer needed.
"""

import re
from typing import Any

import airspeed
from airspeed import operators


class TemplateFailedError(Exception):
    """A template could not be rendered; API Gateway answers 500."""


def _condition(self: Any, namespace: Any, loader: Any) -> bool:
    # airspeed takes #if($absent) for true. Velocity: a null reference is false
    # (https://velocity.apache.org/engine/1.7/user-guide.html#conditionals).
    return bool(self.expression.calculate(namespace, loader))


def _negation(self: Any, namespace: Any, loader: Any) -> bool:
    # airspeed takes !$absent for false.
    return not self.value.calculate(namespace, loader)


_name_or_call = operators.NameOrCall.calculate


def _method_before_entry(self: Any, current_object: Any, loader: Any, top_namespace: Any) -> Any:
    # airspeed takes .get(…) for the entry "get" where a map has one; a visitor may send such a header.
    if self.parameters is None or not isinstance(current_object, dict) or self.name not in current_object:
        return _name_or_call(self, current_object, loader, top_namespace)
    arguments = self.parameters.calculate(top_namespace, loader)
    java_methods = operators.__additional_methods__.get(type(current_object), {})
    if self.name in java_methods:
        return java_methods[self.name](current_object, *arguments)
    return getattr(current_object, self.name)(*arguments)


operators.NameOrCall.calculate = _method_before_entry
operators.Condition.calculate = _condition
operators.UnaryOperatorValue.calculate = _negation
# airspeed takes the "$" of "MSG#$id" for text after a "#" that opens no directive; Velocity sees a reference.
operators.Text.PLAIN = re.compile(
    r"((?:[^\\\$#]+|\\[\$#])+|\$[^!\{a-z0-9_]|\$$|#$|#[^\{\}a-zA-Z0-9#\*\$]+|\\.)(.*)$",
    re.DOTALL | re.IGNORECASE,
)
# airspeed prints a template's own source where a value equals this text, which a visitor could type.
operators.REPLACE_FORMAL_TEXT = object()


class Template:
    """A template compiled once."""

    def __init__(self, source: str) -> None:
        self._template = airspeed.Template(source)
        self._template.ensure_compiled()

    def render(self, namespace: dict[str, Any]) -> bytes:
        """Render as UTF-8. Raises TemplateFailedError, which carries none of the namespace's text."""
        try:
            rendered: str = self._template.merge(namespace)
            return rendered.encode()
        except (airspeed.TemplateError, UnicodeError) as error:
            # A lone surrogate has no UTF-8, and a body may be other bytes. Java would send "?" in their place; that
            # would be a changed message.
            raise TemplateFailedError(type(error).__name__) from None
