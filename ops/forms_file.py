"""The deployer's file of forms, read with the line of every mistake."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from schemas.forms import LANGUAGES, Forms, FormsFile, line

#: A function's whole environment has 4 KB, and StartDelivery's other variables need one of them:
#: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
LONGEST_LINE = 3000
_ADDRESS = "an e-mail address, without any of * ? $ | { } `"
_RULES = {
    "id": "1 to 32 of a-z, 0-9 and -",
    "owner": _ADDRESS,
    "fallback": _ADDRESS,
    "origin": "scheme and host of the page, such as https://www.example.com, without a slash at the end",
    "language": f"one of {', '.join(LANGUAGES)}",
    "forms": "a list of forms, at least one",
}


class FormsFileError(Exception):
    """The file cannot be used. One text a mistake, each beginning with its line where it has one."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(path: Path) -> Forms:
    """YAML, or JSON, which is YAML too. Raise FormsFileError, or OSError."""
    root, document = _parsed(path)
    if repeated := list(_repeated_keys(root)):
        raise FormsFileError(repeated)
    try:
        forms = tuple(FormsFile.model_validate(document).forms)
    except ValidationError as wrong:
        raise FormsFileError([_told(root, error) for error in wrong.errors()]) from None
    length = len(line(forms))
    if length > LONGEST_LINE:
        too_long = (
            f"the forms are {length} characters as a parameter of the stack; {LONGEST_LINE} is the most"
        )
        raise FormsFileError([f"{too_long}: put some of them into a second stack"])
    return forms


def _parsed(path: Path) -> tuple[Any, Any]:
    """YAML's nodes, which know their lines, and what they say; every scalar is a text."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        document = yaml.BaseLoader("").construct_document(root) if root else None
    except yaml.MarkedYAMLError as problem:
        number = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise FormsFileError([f"line {number}: {problem.problem}"]) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise FormsFileError(["not a text in UTF-8"]) from None
    if not isinstance(document, dict):
        raise FormsFileError(["line 1: forms: it is missing"])
    return root, document


def _told(root: Any, error: Any) -> str:
    """`line 7: form 2: origin: …`, of one of pydantic's errors."""
    place = list(error["loc"])
    if error["type"] == "repeated_id":
        place += [error["ctx"]["number"], "id"]
    start = f"line {_line(root, place)}: {f'form {place[1] + 1}: ' if len(place) > 1 else ''}"
    key = str(place[-1])
    match error["type"]:
        case "repeated_id" | "same_address":
            return f"{start}{error['msg']}"
        case "missing":
            return f"{start}{key}: it is missing"
        case "extra_forbidden":
            return f"{start}{key}: there is no such key"
    return f"{start}{key}: {_RULES[key]}" if key in _RULES else f"{start}not a form"


def _line(node: Any, place: list[Any]) -> int:
    """The line of the deepest node on the way to `place`; a key's own line, where there is one."""
    number: int = node.start_mark.line + 1
    for step in place:
        found = _under(node, step)
        if found is None:
            break
        number, node = found
    return number


def _under(node: Any, step: Any) -> tuple[int, Any] | None:
    if isinstance(node, yaml.SequenceNode):
        return node.value[step].start_mark.line + 1, node.value[step]
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value == step:
                return key.start_mark.line + 1, child
    return None


def _repeated_keys(node: Any) -> Iterator[str]:
    """YAML lets a second value silently replace the first."""
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _repeated_keys(child)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, child in node.value:
            if key.value in seen:
                yield f"line {key.start_mark.line + 1}: {key.value}: it stands twice"
            seen.add(key.value)
            yield from _repeated_keys(child)
