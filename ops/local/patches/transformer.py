"""EventBridge's input transformer: moto puts a text into a JSON template without its quotes, and fails.

A failed execution's event would never reach the review queue.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from jsonpath_ng.parser import JsonPathParser
from moto.events.utils import EventTemplateParser

#: A string of the template, or a variable outside of all strings.
_PARTS = re.compile(r'("(?:[^"\\]|\\.)*")|<([\w.-]+)>')
_VARIABLE = re.compile(r"<([\w.-]+)>")


def apply() -> None:
    EventTemplateParser.parse = staticmethod(transformed)


def transformed(input_template: str | None, input_paths_map: Mapping[str, str], event: dict[str, Any]) -> Any:
    """A rule without a template hands on the event.

    Variables may stand "in quotes or out"; a path that finds nothing leaves its variable empty.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html
    """
    if input_template is None:
        return event
    found = {name: JsonPathParser().parse(path).find(event) for name, path in input_paths_map.items()}
    values = {name: matches[0].value if matches else "" for name, matches in found.items()}

    def filled(part: re.Match[str]) -> str:
        if part[1] is None:
            return json.dumps(values[part[2]])
        return _VARIABLE.sub(lambda variable: json.dumps(str(values[variable[1]]))[1:-1], part[1])

    return json.loads(_PARTS.sub(filled, input_template))
