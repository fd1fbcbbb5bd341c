from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.flow.site.stub import Api, config_for, serve_api, serve_site

Visit = Callable[..., Page]


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def faults() -> list[str]:
    """What the browser complained about: uncaught errors and content refused by the CSP."""
    return []


@pytest.fixture
def visit(browser: Browser, api: Api, faults: list[str]) -> Iterator[Visit]:
    """Opens the page in a browser of its own: `visit(path, connected=…, **context options)`."""
    with ExitStack() as stack:
        origin = stack.enter_context(serve_api(api))
        sites = {
            connected: stack.enter_context(serve_site(origin, config_for(origin) if connected else None))
            for connected in (True, False)
        }

        def open_page(
            path: str = "/", *, connected: bool = True, clock: bool = False, **options: Any
        ) -> Page:
            context = browser.new_context(**{"locale": "en-GB", "reduced_motion": "reduce", **options})
            stack.callback(context.close)
            page = context.new_page()
            if clock:
                page.clock.install()
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "console", lambda m: faults.append(m.text) if "Content Security Policy" in m.text else None
            )
            page.goto(sites[connected] + path)
            return page

        yield open_page
        assert faults == []
