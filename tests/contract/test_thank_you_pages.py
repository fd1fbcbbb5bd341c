"""Where a plain form's visitor goes: to a page of the deployer's, whatever the form says."""

import re
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.plain_form import (
    FIXED,
    JOBS,
    ORDER,
    SHOP,
    THANKS,
    WITHOUT_PAGES,
    post,
    templates,
    text_of,
)
from tests.contract.translated import template

EVIL = [
    *("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"),
    *(THANKS.upper(), THANKS.replace("https", "HTTPS"), THANKS + "/", THANKS + "?", THANKS + "#"),
    *(THANKS + " ", " " + THANKS, THANKS + "\r\nX: y", "\r\n" + THANKS, THANKS + "\x00"),
    *(THANKS + ".evil.example", THANKS.replace("https://", "https://a@")),
    *(THANKS.replace("www.", "www.example.com@"), THANKS.replace("/danke", "/./danke")),
    *(THANKS.replace(".html", "%2Ehtml"), THANKS.replace("example", "exam\u00adple"), "$default"),
    *("$context.requestId", "',)#set($next = 'https://evil.example')", ""),
]


@pytest.mark.parametrize("name", ["_next", "redirect"])
@pytest.mark.parametrize("page", [THANKS, ORDER])
def test_a_page_of_the_list_is_followed(name: str, page: str) -> None:
    for order in ({name: page, "message": "Hi"}, {"message": "Hi", name: page}):
        assert post(urlencode(order)).location == f"{page}#m=r-1"


@pytest.mark.parametrize("name", ["_next", "redirect"])
@pytest.mark.parametrize("value", EVIL)
def test_anything_else_leads_to_the_fixed_page_and_the_message_is_kept(name: str, value: str) -> None:
    body = urlencode({name: value, "message": "Hi"})
    answered = post(body)
    assert answered.location == f"{FIXED}#m=r-1"
    assert text_of(answered) == body


NEXT = urlencode({"_next": THANKS})


@pytest.mark.parametrize(
    "body",
    [
        f"{NEXT}&{NEXT}",
        f"{NEXT}&a=b&{NEXT}",
        f"{NEXT}&{NEXT}&{NEXT}",
        f"{NEXT}&{urlencode({'_next': ORDER})}",
        f"{NEXT}&{urlencode({'redirect': THANKS})}",
        f"{NEXT}&_next=",
        f"redirect=&{NEXT}",
        f"{NEXT}&_next=https%3A%2F%2Fevil.example",
        NEXT.lower(),
        NEXT.replace("_next", "_Next"),
        NEXT.replace("_next", "%5Fnext"),
        NEXT.replace("_next", "x_next"),
        f"message={NEXT}",
        f"message=1;{NEXT}",
        f"_next={THANKS}",
        NEXT + "%00",
        NEXT + "=",
        NEXT + "\n",
    ],
)
def test_what_says_it_twice_or_in_another_spelling_leads_to_the_fixed_page(body: str) -> None:
    answered = post(body)
    assert answered.location == f"{FIXED}#m=r-1"
    assert text_of(answered) == body


SECOND = [f"{NEXT}&a=b&{NEXT}", f"{NEXT}&_next=%2F%2Fevil.example"]


@pytest.mark.parametrize("body", SECOND)
def test_the_template_follows_one_page_only(body: str) -> None:
    assert post(body, templates(THANKS)).location == f"{FIXED}#m=r-1"


PIECES = st.sampled_from(
    [
        NEXT,
        "_next",
        "redirect",
        "=",
        "&",
        "%",
        "\r\n",
        urlencode({"": THANKS}),
        "//evil.example",
        "m=x",
        "'",
        "$",
    ]
)


@given(
    st.lists(PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=9), st.text()
)
def test_the_visitor_only_ever_goes_to_a_page_of_the_deployer_s(pieces: list[str], form: str) -> None:
    pages = {THANKS, ORDER, FIXED, f"{SHOP}/thanks.html", f"{JOBS}/thanks.html"}
    assert post("".join(pieces), form=form).location in {f"{page}#m=r-1" for page in pages}


@given(st.lists(PIECES, max_size=9))
def test_without_a_list_there_is_one_page(pieces: list[str]) -> None:
    assert post("".join(pieces), WITHOUT_PAGES).location == f"{FIXED}#m=r-1"


@pytest.mark.parametrize(
    "pages", [THANKS, ORDER, f"{THANKS},{ORDER}", "http://127.0.0.1:1/x", "https://a.example"]
)
def test_the_list_is_of_exact_pages(pages: str) -> None:
    assert re.search(template()["Parameters"]["ThankYouPages"]["AllowedPattern"], pages)


@pytest.mark.parametrize(
    "page",
    [
        *("http://example.com/", "//example.com", "https://a@example.com/", "https://example.com/#a", "*"),
        *(
            "https://example.com/'",
            "https://example.com/$a",
            "https://example.com/a b",
            "https://example.com/\r\n",
        ),
        *(
            "https://*.example.com/",
            "javascript:1",
            f"{THANKS},",
            f",{THANKS}",
            "https://example.com/~a",
            "x",
        ),
    ],
)
def test_nothing_else_gets_into_the_list(page: str) -> None:
    assert not re.fullmatch(template()["Parameters"]["ThankYouPages"]["AllowedPattern"], page)
