"""What every page has to stand: axe in both colour schemes, and narrow screens without sideways scrolling."""

from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def inspect(page: Page, *, axe_at: Iterable[int] = (1280, 320), fits: Iterable[int] = ()) -> None:
    """`axe_at` and `fits` are widths; a page has to fit into both."""
    for scheme in ("light", "dark"):
        # Axe would meet a colour on its way to another.
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width in axe_at:
            _resize(page, width)
            results = Axe().run(page)
            assert results.violations_count == 0, f"{scheme}, {width}: {results.generate_report()}"
        for width in fits:
            _resize(page, width)


def _resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
