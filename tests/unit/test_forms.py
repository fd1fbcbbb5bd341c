import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from handlers.core import routing
from handlers.core.wording import WORDS
from handlers.errors import PermanentSendError
from ops import forms, forms_file
from ops.cli import app
from ops.forms import Target
from ops.forms_file import FormsFileError
from schemas.forms import LANGUAGES, Form, Forms, line, parse
from tests.contract.translated import ROOT, template
from tests.fakes.records import record

SALES = "  - id: sales\n    owner: sales@example.com\n    origin: https://shop.example.com\n"
FILE = f"""forms:
{SALES}    fallback: boss@example.com
    language: de
  - id: jobs
    owner: hr@example.com
    origin: https://jobs.example.com:8443
"""


def read(tmp_path: Path, text: str) -> Forms:
    file = tmp_path / "forms.yaml"
    file.write_text(text, encoding="utf-8")
    return forms_file.read(file)


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(FormsFileError) as wrong:
        read(tmp_path, text)
    return wrong.value.problems


def test_a_file_says_where_each_form_leads(tmp_path: Path) -> None:
    sales, jobs = read(tmp_path, FILE)
    assert (sales.addresses, sales.language) == (("sales@example.com", "boss@example.com"), "de")
    assert (jobs.addresses, jobs.language) == (("hr@example.com",), "en")


def test_a_domain_may_be_written_as_people_write_it(tmp_path: Path) -> None:
    (form,) = read(tmp_path, "forms: [{id: a, owner: a@müller.example, origin: https://a.example}]")
    assert form.owner == "a@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ("id: Sales", "line 2: form 1: id: 1 to 32 of a-z, 0-9 and -"),
        ("owner: sales", "line 3: form 1: owner: an e-mail address, without any of * ? $ | { } `"),
        ("owner: '*@example.com'", "line 3: form 1: owner: an e-mail address, without any of * ? $ | { } `"),
        (
            "owner: '${a}@example.com'",
            "line 3: form 1: owner: an e-mail address, without any of * ? $ | { } `",
        ),
        ("origin: https://a.example/", "line 4: form 1: origin: scheme and host"),
        ("origin: http://a.example", "line 4: form 1: origin: scheme and host"),
        ("origin: '*'", "line 4: form 1: origin: scheme and host"),
    ],
)
def test_a_wrong_value_is_named_by_its_line(tmp_path: Path, wrong: str, problem: str) -> None:
    key = wrong.partition(":")[0]
    (told,) = problems(tmp_path, "forms:\n" + re.sub(rf"{key}: .*", lambda _: wrong, SALES))
    assert told.startswith(problem)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ("    colour: red\n", "line 5: form 1: colour: there is no such key"),
        ("    language: fr\n", "line 5: form 1: language: one of en, de"),
        ("    fallback: sales@example.com\n", "line 2: form 1: fallback: it is the owner's address"),
        ("    origin: https://b.example\n", "line 5: origin: it stands twice"),
        (SALES, "line 5: form 2: id: another form has it"),
        ("  - id: b\n", "line 5: form 2: owner: it is missing"),
        ("  - 7\n", "line 5: form 2: not a form"),
        ("  - [\n", "line 6: "),
        ("  - *a\n", "line 5: "),
    ],
)
def test_what_is_too_much_or_missing_is_named_by_its_line(tmp_path: Path, more: str, problem: str) -> None:
    assert problems(tmp_path, f"forms:\n{SALES}{more}")[0].startswith(problem)


@pytest.mark.parametrize(
    "text", ["", "- a", "forms:", "forms: []", "forms: a", "form: []", "&a [*a]", "? [a]\n: b", "\0"]
)
def test_what_is_no_file_of_forms_is_told_and_never_a_traceback(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, text)


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    text = "forms:\n  - id: A\n    owner: b\n    origin: c\n    language: d\n"
    assert [told.split(":")[0] for told in problems(tmp_path, text)] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
    ]


def test_a_file_that_no_function_could_be_given_is_refused(tmp_path: Path) -> None:
    many = "".join(SALES.replace("sales", f"sales{number}") for number in range(60))
    (told,) = problems(tmp_path, "forms:\n" + many)
    assert f"{forms_file.LONGEST_LINE} is the most" in told


def test_the_parameters_are_what_the_template_takes_and_the_functions_read(tmp_path: Path) -> None:
    made = read(tmp_path, FILE)
    given = forms.parameters(made)
    assert parse(given["Forms"]) == made
    assert (given["OwnerAddress"], given["AllowedOrigin"]) == (
        "sales@example.com",
        "https://shop.example.com",
    )
    assert given["FormAddresses"] == "sales@example.com,boss@example.com,hr@example.com"
    assert given["FormOrigins"] == "https://shop.example.com,https://jobs.example.com:8443"
    assert given["FormPages"] == "sales=https://shop.example.com,jobs=https://jobs.example.com:8443"
    for name, value in given.items():
        assert re.search(template()["Parameters"][name]["AllowedPattern"], value), name
        # No shell, no sam and no console changes it.
        assert not re.search(r"""[\s"'\\]""", value)


def test_one_origin_needs_no_list_of_origins(tmp_path: Path) -> None:
    assert forms.parameters(forms.at(read(tmp_path, FILE), "http://127.0.0.1:1"))["FormOrigins"] == ""


def test_the_longest_file_is_no_longer_than_the_template_takes() -> None:
    assert template()["Parameters"]["Forms"]["MaxLength"] == forms_file.LONGEST_LINE


@pytest.mark.parametrize(
    "text", ["a", "a|en|https://a.example|a@b.co", "a|fr|https://a.example|a@b.co|", ","]
)
def test_a_line_that_is_none_stops_a_function_at_its_start(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        parse(text)


def test_the_line_is_read_back_as_it_was_written() -> None:
    assert parse("") == ()
    assert line(()) == ""


def test_every_language_of_a_form_has_its_words() -> None:
    assert set(LANGUAGES) == set(WORDS) == set(json.loads((ROOT / "site" / "texts.json").read_text()))


FORMS = parse(
    "sales|de|https://shop.example.com|sales@example.com|boss@example.com,jobs|en|https://j.example|hr@example.com|"
)


@pytest.mark.parametrize(
    ("form", "recipient", "address", "language"),
    [
        ("sales", "", "sales@example.com", "de"),
        ("sales", "fallback", "boss@example.com", "de"),
        ("jobs", "", "hr@example.com", "en"),
        ("", "", "sales@example.com", "de"),
        ("", "fallback", "boss@example.com", "de"),
    ],
)
def test_a_form_leads_to_its_owner_in_its_language(
    form: str, recipient: str, address: str, language: str
) -> None:
    one = record(form=form, recipient=recipient)
    assert routing.recipient(FORMS, one, "owner@example.com") == address
    assert routing.language(FORMS, form) == language


def test_a_stack_without_forms_has_one_owner_and_writes_english() -> None:
    assert routing.recipient((), record(), "owner@example.com") == "owner@example.com"
    assert routing.language((), "") == "en"


@pytest.mark.parametrize(
    ("known", "form", "recipient", "code"),
    [
        (FORMS, "press", "", "UnknownForm"),
        ((), "sales", "", "UnknownForm"),
        ((), "", "fallback", "UnknownForm"),
        (FORMS, "jobs", "fallback", "NoFallbackAddress"),
    ],
)
def test_a_message_that_leads_nowhere_is_a_person_s_and_never_another_owner_s(
    known: tuple[Form, ...], form: str, recipient: str, code: str
) -> None:
    with pytest.raises(PermanentSendError, match=code):
        routing.recipient(known, record(form=form, recipient=recipient), "owner@example.com")


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("sales@example.com", "the owner's address of sales"),
        ("boss@example.com", "the fallback address of sales"),
        ("old@example.com", "the owner's address"),
    ],
)
def test_an_alarm_names_an_address_without_spelling_it(address: str, named: str) -> None:
    assert routing.whose(FORMS, address) == named


@pytest.mark.parametrize(
    ("known", "form", "address", "target"),
    [
        (FORMS, "sales", "boss@example.com", Target("sales", "fallback")),
        (FORMS, "sales", "hr@example.com", None),
        (FORMS, "", "sales@example.com", Target("", "")),
        (FORMS, "press", "hr@example.com", Target("jobs", "")),
        (FORMS, "press", "no@example.com", None),
        ((), "", "owner@example.com", Target("", "")),
        ((), "press", "owner@example.com", Target("", "")),
        ((), "", "no@example.com", None),
    ],
)
def test_an_operator_may_send_to_the_addresses_of_the_message_s_form_only(
    known: tuple[Form, ...], form: str, address: str, target: Target | None
) -> None:
    assert forms.target(known, "owner@example.com", record(form=form), address) == target


def test_the_commands_check_a_file_and_print_its_parameters(tmp_path: Path) -> None:
    file = tmp_path / "forms.yaml"
    file.write_text(FILE)
    checked = CliRunner().invoke(app, ["forms", "check", str(file)])
    assert (
        "sales: https://shop.example.com → sales@example.com, fallback boss@example.com (de)"
        in checked.stdout
    )
    printed = CliRunner().invoke(app, ["forms", "parameters", str(file)])
    assert "OwnerAddress=sales@example.com\n" in printed.stdout
    file.write_text("forms: []")
    for arguments in (["check", str(file)], ["parameters", str(file)], ["check", str(tmp_path / "none")]):
        ended = CliRunner().invoke(app, ["forms", *arguments])
        assert (ended.exit_code, ended.stdout) == (1, "")
        assert ended.stderr.startswith("contactflow: ")
