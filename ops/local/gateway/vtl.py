"""What a mapping template sees: `$input`, `$util`, `$context`, `$stageVariables`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

import base64
import re
import string
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote_plus

from airspeed import operators

from ops.local.gateway import json_body, jsonpath
from ops.local.gateway.velocity import Template


class JsonMap(dict[str, Any]):
    """A JSON object that prints as a Java map, `{a=1}`, as `$input.path` does."""

    def __str__(self) -> str:
        return (
            "{" + ", ".join(f"{key}={operators.value_to_string(value)}" for key, value in self.items()) + "}"
        )

    def containsKey(self, key: str) -> bool:  # noqa: N802 - java.util.Map's name
        return key in self

    def size(self) -> int:
        return len(self)


class JsonArray(list[Any]):
    """A JSON array that prints as JSON."""

    def __str__(self) -> str:
        return json_body.serialise(self)


# airspeed looks methods such as .keySet() up by exact class.
operators.__additional_methods__[JsonMap] = operators.__additional_methods__[dict]
operators.__additional_methods__[JsonArray] = operators.__additional_methods__[list]


def _as_java(value: Any) -> Any:
    if isinstance(value, dict):
        return JsonMap({key: _as_java(item) for key, item in value.items()})
    return JsonArray(map(_as_java, value)) if isinstance(value, list) else value


class Input:
    """`$input`: a payload in UTF-8 and the method request's parameters, by `path`, `querystring`, `header`."""

    def __init__(self, payload: bytes, parameters: Mapping[str, Mapping[str, str]]) -> None:
        self._payload = payload
        self._parameters = parameters

    @cached_property
    def body(self) -> str:
        return self._payload.decode()

    @cached_property
    def _document(self) -> Any:
        return json_body.parse(self._payload) if self._payload else {}

    @cached_property
    def _all_parameters(self) -> JsonMap:
        return JsonMap({place: JsonMap(values) for place, values in self._parameters.items()})

    def json(self, path: str) -> str:
        return json_body.serialise(jsonpath.find(self._document, path))

    def path(self, path: str) -> Any:
        return _as_java(jsonpath.find(self._document, path))

    def params(self, name: str | None = None) -> Any:
        """All parameters, or the first by this name in path, query string, headers (any case), or ""."""
        if name is None:
            return self._all_parameters
        for place, key in (("path", name), ("querystring", name), ("header", name.lower())):
            if key in self._parameters[place]:
                return self._parameters[place][key]
        return ""


# java.net.URLEncoder, by UTF-8 byte: letters, digits and ".-*_" stay, a space becomes "+".
_UNRESERVED = frozenset((string.ascii_letters + string.digits + ".-*_").encode())
_URL_ENCODED = [chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in range(256)]
_URL_ENCODED[ord(" ")] = "+"


class Util:
    """`$util`, with the names that the reference gives."""

    @staticmethod
    def urlEncode(value: Any) -> str:  # noqa: N802
        return "".join(map(_URL_ENCODED.__getitem__, operators.value_to_string(value).encode()))

    @staticmethod
    def urlDecode(value: Any) -> str:  # noqa: N802
        return unquote_plus(str(value), errors="strict")

    @staticmethod
    def base64Encode(value: Any) -> str:  # noqa: N802
        return base64.b64encode(str(value).encode()).decode()

    @staticmethod
    def base64Decode(value: Any) -> str:  # noqa: N802
        return base64.b64decode(str(value), validate=True).decode()

    @staticmethod
    def parseJson(value: Any) -> Any:  # noqa: N802
        return _as_java(json_body.parse(str(value).encode()))

    @staticmethod
    def escapeJavaScript(value: Any) -> str:  # noqa: N802
        return _UNSAFE_IN_JAVASCRIPT.sub(lambda match: _escape(match[0]), str(value))


# org.apache.commons.lang.StringEscapeUtils.escapeJavaScript; the reference says that it turns ' into \'.
_UNSAFE_IN_JAVASCRIPT = re.compile(r"""["'\\/]|[^\x20-\x7f]""")
_SHORT = {"\b": "\\b", "\n": "\\n", "\t": "\\t", "\f": "\\f", "\r": "\\r"}


def _escape(character: str) -> str:
    if character in "\"'\\/":
        return "\\" + character
    if character in _SHORT:
        return _SHORT[character]
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[i]:02X}{units[i + 1]:02X}" for i in range(0, len(units), 2))


_UTIL = Util()


def render(
    template: Template,
    payload: bytes,
    parameters: Mapping[str, Mapping[str, str]],
    context: dict[str, Any],
    stage_variables: Mapping[str, str],
) -> bytes:
    """Render one mapping template; `#set($context.requestOverride…)` changes context in place.

    Raises TemplateFailedError.
    """
    namespace = {
        "input": Input(payload, parameters),
        "util": _UTIL,
        "context": context,
        "stageVariables": stage_variables,
    }
    return template.render(namespace)
