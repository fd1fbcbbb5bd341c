"""The templates of `POST /form`: any text reaches SQS in one piece, under the id of the request."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ops.local.gateway import vtl
from ops.local.gateway.velocity import Template
from tests.contract.plain_form import FIXED, SHOP, integration, post, text_of
from tests.contract.translated import resource, text
from tests.fuzz.plain_forms import LONGEST


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("&MessageBody=x&Action=DeleteQueue")
@example("$input.body #set($a = 1) $!{x}")
def test_any_body_reaches_the_queue_unchanged(body: str) -> None:
    assert text_of(post(body)) == body


@pytest.mark.parametrize(
    ("form", "told", "page"),
    [
        ("sales", "sales", f"{SHOP}/thanks.html"),
        ("press", "press", FIXED),
        ("sale", "sale", FIXED),
        ("Sales", "-", FIXED),
        ('","urlencoded":"', "-", FIXED),
        ("a" * 33, "-", FIXED),
        ("sales\n", "-", FIXED),
        ("sales=https://shop.example.com", "-", FIXED),
    ],
)
def test_a_form_s_id_is_told_and_its_thanks_are_on_its_own_page(form: str, told: str, page: str) -> None:
    answered = post("message=Hi", form=form)
    assert answered.message is not None
    assert json.loads(answered.message)["form"] == told
    assert answered.location == f"{page}#m=r-1"


def test_a_script_that_accepts_json_is_answered_with_the_id() -> None:
    answered = post("message=Hi", accept="application/json, text/plain, */*")
    assert (answered.status, answered.location) == (202, "")
    assert json.loads(answered.body) == {"status": "queued", "messageId": "r-1"}


@pytest.mark.parametrize(("size", "kept"), [(LONGEST, True), (LONGEST + 1, False)])
def test_a_text_that_is_too_long_is_none_that_sqs_takes(size: int, kept: bool) -> None:  # noqa: FBT001 - a column
    for filler in ("x", "&redirect="):
        assert (post((filler * size)[:size]).message is not None) == kept


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize(("too_large", "status"), [("yes", 413), ("", None)])
def test_it_is_told_apart_from_trouble_of_ours(accept: str, too_large: str, status: int | None) -> None:
    source = integration()["responses"]["default"]["responseTemplates"]["text/html"]
    override: dict[str, Any] = {"header": {}}
    context = {
        "requestId": "r",
        "requestOverride": {"path": {"tooLarge": too_large}},
        "responseOverride": override,
    }
    parameters = {"path": {}, "querystring": {}, "header": {"Accept": accept}}
    told = vtl.render(Template(text(source, FormOrigins="")), b"", parameters, context, {}).decode()
    assert override.get("status") == status
    if accept == "text/html":
        assert "Your message was not sent" in told
        assert ("It is too long." in told) == bool(too_large)
    else:
        assert json.loads(told)["error"] == ("too_large" if too_large else "unavailable")


def test_the_route_with_a_form_s_id_is_the_one_without() -> None:
    paths = resource("ContactApi")["Body"]["paths"]
    for method, operation in paths["/form"].items():
        with_id = dict(paths["/form/{formId}"][method])
        assert with_id.pop("parameters") == [
            {"name": "formId", "in": "path", "required": True, "schema": {"type": "string"}}
        ]
        assert with_id == operation
