"""One post of a plain form through the templates of `POST /form`."""

import base64
import json
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from ops.local.gateway import vtl
from ops.local.gateway.velocity import Template
from tests.contract.translated import resource, text

THANKS, ORDER = "https://www.example.com/danke.html", "https://shop.example.net/done?lang=de&x=%20"
FIXED = "https://www.example.com/thanks.html"
SHOP, JOBS = "https://shop.example.com", "https://jobs.example.com"


class Answered(NamedTuple):
    """What SQS was sent, None for no body, and what the visitor got."""

    message: str | None
    location: str
    body: str
    status: int | None


def integration() -> dict[str, Any]:
    method = resource("ContactApi")["Body"]["paths"]["/form"]["post"]
    found: dict[str, Any] = method["x-amazon-apigateway-integration"]
    return found


class Templates(NamedTuple):
    """Of the request, and of the answer when SQS has stored it."""

    request: Template
    answer: Template


def templates(pages: str) -> Templates:
    """As a stack with these ThankYouPages has them."""
    found = integration()
    given = {
        "Pages": pages.replace(",", "','"),
        "Forms": f"sales={SHOP}','jobs={JOBS}",
        "FormOrigins": "",
        "AllowedOrigin": "https://www.example.com",
    }
    return Templates(
        Template(text(found["requestTemplates"]["application/x-www-form-urlencoded"], **given)),
        Template(text(found["responses"]["200"]["responseTemplates"]["text/html"], **given)),
    )


WITH_PAGES, WITHOUT_PAGES = templates(f"{THANKS},{ORDER}"), templates("")


def post(body: str, both: Templates = WITH_PAGES, form: str = "", accept: str = "text/html") -> Answered:
    context: dict[str, Any] = {
        "requestId": "r-1",
        "requestTimeEpoch": 1_764_000_000_123,
        "identity": {"sourceIp": "2001:db8::1"},
        "requestOverride": {"path": {}},
        "responseOverride": {"header": {}},
    }
    path = {"formId": form} if form else {}
    parameters = {"path": path, "querystring": {}, "header": {"Accept": accept}}
    sent = vtl.render(both.request, body.encode(), parameters, context, {})
    fields = parse_qsl(sent.decode(), keep_blank_values=True, strict_parsing=True)
    assert [value for key, value in fields if key == "Action"] == ["SendMessage"]
    answer = vtl.render(both.answer, b"{}", parameters, context, {}).decode()
    override = context["responseOverride"]
    return Answered(
        dict(fields).get("MessageBody"),
        override["header"].get("Location", ""),
        answer,
        override.get("status"),
    )


def text_of(answered: Answered) -> str:
    assert answered.message is not None
    return base64.b64decode(json.loads(answered.message)["urlencoded"]).decode()
