"""Writes the gateway's request model into template.yaml: `python -m schemas.export`, or `--check` to compare only."""

import argparse
import sys
from pathlib import Path
from typing import Any

import yaml

from schemas.submission import Submission

TEMPLATE = Path(__file__).parent.parent / "template.yaml"
BEGIN = "# generated from schemas/submission.py by `python -m schemas.export`: begin\n"
END = "# generated: end\n"

# API Gateway reads JSON Schema draft-04, pydantic writes 2020-12. What means the same in both passes, what only
# informs is dropped, and the rest is refused rather than translated:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_SAME_IN_DRAFT_04 = {
    "additionalProperties",
    "enum",
    "maxLength",
    "maximum",
    "minLength",
    "minimum",
    "pattern",
    "properties",
    "required",
    "type",
}
_INFORMS_ONLY = {"default", "description", "title"}


class UnsupportedKeywordError(ValueError):
    """The model uses what API Gateway would not understand, or would understand otherwise."""


def draft_04(schema: dict[str, Any]) -> dict[str, Any]:
    """Reduce one level of a pydantic JSON Schema, and its properties. Raises UnsupportedKeywordError."""
    unknown = schema.keys() - _SAME_IN_DRAFT_04 - _INFORMS_ONLY
    if unknown:
        raise UnsupportedKeywordError(f"not the same in draft-04: {', '.join(sorted(unknown))}")
    reduced = {keyword: value for keyword, value in schema.items() if keyword in _SAME_IN_DRAFT_04}
    if "properties" in reduced:
        reduced["properties"] = {name: draft_04(field) for name, field in reduced["properties"].items()}
    return reduced


def with_model(template: str) -> str:
    """Return the template's text with the section between the two markers written anew."""
    before, rest = template.split(BEGIN)
    _, after = rest.split(END)
    indent = before[before.rindex("\n") + 1 :]
    model = {"Submission": draft_04(Submission.model_json_schema())}
    text = yaml.safe_dump(model, sort_keys=False, width=sys.maxsize, default_flow_style=None)
    section = "".join(f"{indent}{line}\n" for line in text.splitlines())
    return f"{before}{BEGIN}{section}{indent}{END}{after}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the template differs")
    check = parser.parse_args().check
    template = TEMPLATE.read_text(encoding="utf-8")
    current = with_model(template)
    if current == template:
        return 0
    if check:
        sys.stderr.write("template.yaml differs from schemas/submission.py: run `python -m schemas.export`\n")
        return 1
    TEMPLATE.write_text(current, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
