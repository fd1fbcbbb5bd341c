"""Which form a page is, and its language: said in config.json or by the form's attributes, never in a script."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.flow.site.stub import Api, serve_api, serve_site
from tests.flow.site.visitor import VALUES, fill, send

Setup = dict[str, str]
Open = Callable[[Setup, Setup], Page]
#: Writes attributes to the form before the page's own scripts run, which wait for the whole page.
WRITE = """new MutationObserver(() => {
  const form = document.getElementById('form');
  if (form) Object.assign(form.dataset, %s);
}).observe(document, { childList: true, subtree: true });"""


@pytest.fixture
def open_page(browser: Browser, api: Api) -> Iterator[Open]:
    """`open_page(more of config.json, data attributes of the form)`, for a visitor who prefers English."""
    with ExitStack() as stack:
        origin = stack.enter_context(serve_api(api))

        def opened(more: Setup, attributes: Setup) -> Page:
            config = json.dumps({"apiUrl": f"{origin}/prod"} | more).encode()
            site = stack.enter_context(serve_site(origin, config))
            context = browser.new_context(locale="en-GB")
            stack.callback(context.close)
            page = context.new_page()
            page.add_init_script(WRITE % json.dumps(attributes))
            page.goto(site)
            return page

        yield opened


@pytest.mark.parametrize(
    ("config", "attributes", "form", "heading"),
    [
        ({}, {}, None, "Write to us"),
        ({"form": "sales", "language": "de"}, {}, "sales", "Schreiben Sie uns"),
        ({}, {"form": "sales", "language": "de"}, "sales", "Schreiben Sie uns"),
        ({"form": "jobs", "language": "de"}, {"form": "sales", "language": "en"}, "sales", "Write to us"),
    ],
)
def test_what_is_sent_names_the_page_s_form_in_whose_language_the_page_is(
    open_page: Open, api: Api, config: Setup, attributes: Setup, form: str | None, heading: str
) -> None:
    page = open_page(config, attributes)
    expect(page.locator("h1")).to_have_text(heading)
    fill(page)
    send(page)
    expect(page.locator("#receipt")).to_be_visible()
    (posted,) = api.posts
    assert posted["body"].get("form") == form
    assert posted["body"]["message"] == VALUES["message"]
