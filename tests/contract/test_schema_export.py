"""The request model: schemas/submission.py in the JSON Schema that API Gateway reads."""

from typing import Any

import jsonschema
import pytest

from schemas import export
from schemas.submission import Submission
from tests.contract.translated import resource


def _model() -> dict[str, Any]:
    model: dict[str, Any] = resource("ContactApi")["Body"]["components"]["schemas"]["Submission"]
    return model


def test_the_model_in_the_template_is_the_one_that_the_schema_gives() -> None:
    assert _model() == export.draft_04(Submission.model_json_schema())


def test_the_template_is_as_the_export_would_write_it() -> None:
    template = export.TEMPLATE.read_text(encoding="utf-8")
    assert export.with_model(template) == template


def test_the_model_is_valid_draft_04() -> None:
    jsonschema.Draft4Validator.check_schema(_model())


def test_the_post_route_is_checked_against_the_model() -> None:
    body = resource("ContactApi")["Body"]["paths"]["/sendEmail"]["post"]["requestBody"]
    schema = {"$ref": "#/components/schemas/Submission"}
    assert body == {"required": True, "content": {"application/json": {"schema": schema}}}


def test_what_only_informs_is_dropped() -> None:
    assert export.draft_04({"type": "string", "title": "T", "default": "", "description": "D"}) == {
        "type": "string"
    }


def test_a_field_may_be_called_like_a_keyword() -> None:
    assert export.draft_04({"properties": {"title": {"type": "string"}}}) == {
        "properties": {"title": {"type": "string"}}
    }


@pytest.mark.parametrize(
    "keyword", ["const", "exclusiveMinimum", "anyOf", "format", "$ref", "$defs", "allOf"]
)
def test_a_keyword_that_draft_04_reads_otherwise_is_refused(keyword: str) -> None:
    with pytest.raises(export.UnsupportedKeywordError, match=keyword.replace("$", r"\$")):
        export.draft_04({"properties": {"email": {keyword: 1}}})


def test_a_drifted_template_is_written_anew_and_then_stays() -> None:
    template = export.TEMPLATE.read_text(encoding="utf-8")
    drifted = template.replace("maxLength: 254", "maxLength: 255")
    assert drifted != template
    assert export.with_model(drifted) == template
