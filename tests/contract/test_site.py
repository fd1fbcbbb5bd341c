"""site/ against the schema, its own texts and the strict CSP, read as files."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from schemas.record import Status
from schemas.submission import Submission

SITE = Path(__file__).parents[2] / "site"
TEXTS: dict[str, dict[str, str]] = json.loads((SITE / "texts.json").read_text())
SCHEMA = Submission.model_json_schema()
PAGES = sorted(SITE.glob("*.html"))
SCRIPTS = sorted(SITE.glob("*.js"))
Attributes = dict[str, str | None]


class Elements(HTMLParser):
    """All start tags with their attributes, and the text of what carries data-text."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, Attributes]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        key = self.tags[-1][1].get("data-text") if self.tags else None
        if key and data.strip():
            self.texts.append((key, data))

    def controls(self) -> dict[str, Attributes]:
        return {str(a["name"]): a for tag, a in self.tags if tag in {"input", "textarea"}}


INDEX = Elements(SITE / "index.html")


def field(name: str) -> dict[str, Any]:
    found: dict[str, Any] = SCHEMA["properties"][name]
    return found


@pytest.mark.parametrize("name", ["name", "email", "subject", "message"])
def test_the_form_has_the_constraints_of_the_schema(name: str) -> None:
    control = INDEX.controls()[name]
    assert int(control["maxlength"] or 0) == field(name)["maxLength"]
    assert int(control.get("minlength") or 0) == field(name).get("minLength", 0)
    assert (control.get("pattern") or control.get("data-pattern")) == field(name)["pattern"]
    assert ("required" in control) == (name in SCHEMA["required"])


def test_the_form_asks_for_nothing_that_the_schema_does_not_know() -> None:
    made_by_script = {"submissionId", "fillMilliseconds", "stamp", "form"}
    assert set(INDEX.controls()) | made_by_script == set(SCHEMA["properties"])


def test_the_fields_are_typed_for_people_and_their_keyboards() -> None:
    controls = INDEX.controls()
    assert controls["email"]["type"] == "email"
    assert controls["website"]["tabindex"] == "-1"
    assert controls["website"]["autocomplete"] == "off"
    assert int(controls["website"]["maxlength"] or 0) == field("website")["maxLength"]
    for name in ("name", "email", "subject", "message"):
        assert controls[name]["dir"] == "auto"
        assert f"{name}-problem" in str(controls[name]["aria-describedby"]).split()


def test_the_longest_fill_time_is_the_schemas() -> None:
    maximum = field("fillMilliseconds")["maximum"]
    assert f"LONGEST_FILL = {maximum:_};" in (SITE / "contact.js").read_text()


def test_every_language_has_every_text() -> None:
    english = TEXTS["en"]
    for language, words in TEXTS.items():
        assert words.keys() == english.keys(), language
        assert all(words.values()), language
        for key, text in words.items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key


def test_every_language_can_be_chosen() -> None:
    links = {a.get("lang") for tag, a in INDEX.tags if tag == "a" and "hreflang" in a}
    assert links == set(TEXTS)


def test_the_page_as_written_is_the_english_text() -> None:
    counted = {"form.count": "0 of 1,000 characters"}
    written = {key: text for key, text in INDEX.texts if key not in counted}
    assert written == {key: TEXTS["en"][key] for key in written}
    assert dict(INDEX.texts)["form.count"] == counted["form.count"]
    for words in TEXTS.values():
        assert words["noscript"] in (SITE / "index.html").read_text()


def test_every_status_has_words() -> None:
    for status in Status:
        assert f"status.{status.value}.heading" in TEXTS["en"]
        assert f"status.{status.value}.detail" in TEXTS["en"]


ACCEPTED = {
    "en": "Accepted by the recipient’s mail server.",
    "de": "Vom Mailserver des Empfängers angenommen.",
}
PERSON = {"en": "A person is looking at it", "de": "Ein Mensch sieht es sich an"}
WITH_A_PERSON = {
    *(
        Status.REVIEW,
        Status.BOUNCED,
        Status.SOFT_BOUNCED,
        Status.REJECTED,
        Status.SUPPRESSED,
        Status.COMPLAINED,
    ),
}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("status", Status)
def test_a_receipt_says_plainly_where_a_message_is(language: str, status: Status) -> None:
    heading, detail = (TEXTS[language][f"status.{status.value}.{part}"] for part in ("heading", "detail"))
    assert (detail == ACCEPTED[language]) == (status is Status.DELIVERED)
    assert (heading == PERSON[language]) == (status in WITH_A_PERSON)
    person = {"en": "person", "de": "Mensch"}[language] in heading + detail
    assert person == (status in WITH_A_PERSON | {Status.OUTCOME_UNKNOWN, Status.DISCARDED})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(page: Path) -> None:
    for tag, attributes in Elements(page).tags:
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        addresses = [str(attributes.get(name, "")) for name in ("src", "href", "action")]
        assert not any(re.match(r"[a-z]+:|//", address) for address in addresses)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_carries_a_policy_for_hosting_without_headers(page: Path) -> None:
    content = next(str(a["content"]) for _, a in Elements(page).tags if "http-equiv" in a)
    policy = {part.split()[0]: part.split()[1:] for part in content.split(";")}
    assert policy["default-src"] == ["'none'"]
    assert policy["style-src"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*"} & {s for sources in policy.values() for s in sources}


def test_scripts_write_text_never_markup() -> None:
    for script in SCRIPTS:
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|alert\(",
            script.read_text(),
        ), script.name


def test_scripts_import_only_each_other() -> None:
    for script in SCRIPTS:
        for imported in re.findall(r"from '([^']+)'", script.read_text()):
            assert (SITE / imported).is_file(), (script.name, imported)


def test_no_configuration_is_shipped_with_the_page() -> None:
    assert not (SITE / "config.json").exists()


def test_the_page_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in SITE.iterdir()}
    assert sum(sizes.values()) < 90_000, sizes
    assert all(len(script.read_text().splitlines()) <= 150 for script in SCRIPTS)
