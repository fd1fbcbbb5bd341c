"""Hostile texts in the console, in a real Chromium: they are shown, and do nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from handlers import clock
from handlers.core import times
from ops.review import harmless
from schemas.record import MessageRecord, Status, TimelineEvent
from tests.flow.operator import unique, workbench
from tests.flow.stack import PATIENCE, LocalStack

pytestmark = pytest.mark.xdist_group("stack")

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "<form action=//evil.example><button>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x'</style>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<template><script>alert(1)</script></template>",
    "<math><mtext><table><mglyph><style><!--</style><img src onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video src=//evil.example/x autoplay onerror=alert(1)>",
    "javascript:alert(1)",
    "' autofocus onfocus=alert(1) x='",
    '" style="background:url(//evil.example)" x="',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;script&gt;&#60;",
    "\u202egnp.exe\u2066\u200b",
)
BEFORE = ("", "</title>", "</textarea>", "</pre></bdi>", "</dialog>", '">', "'>", "-->", "</script>", "]]>")
AFTER = ("", "<!--", "\x00", "\x1b[31m", "\n")
HOSTILE = [f"{before}{text}{after}" for before, text, after in product(BEFORE, PAYLOADS, AFTER)]
_A_PAGE = 50


def hostile_record(number: int, texts: list[str]) -> MessageRecord:
    """Each text once as a timeline's kind or detail, and all of them in what the visitor wrote."""
    at = times.iso(clock.now())
    pairs = zip(texts[::2], texts[1::2], strict=True)
    events = {
        f"e{n:02}{detail}": TimelineEvent(kind=kind, at=at, detail=detail)
        for n, (kind, detail) in enumerate(pairs)
    }
    return MessageRecord(
        messageId=f"hostile-{number}-{unique()}",
        status=Status.REVIEW,
        acceptedAt=at,
        updatedAt=at,
        contentHash="0" * 64,
        submission="\n".join(texts),
        reason=texts[0],
        expiresAt=4_000_000_000,
        events=events,
    )


def shown(number: int, text: str) -> str:
    """A kind is shown in words, a detail as it is."""
    return harmless.block(text if number % 2 else text.replace("_", " "))


def watched(page: Page, origin: str) -> list[str]:
    """What should never happen, as it happens."""
    events: list[str] = []

    def asked(url: str) -> None:
        if not url.startswith(f"{origin}/"):
            events.append(f"request {url}")

    def answer(dialog: Dialog) -> None:
        events.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", answer)
    page.on("pageerror", lambda error: events.append(f"error {error}"))
    page.on("console", lambda message: events.append(f"console {message.text}"))
    page.on("request", lambda made: asked(made.url))
    return events


@contextmanager
def opened(browser: Browser, stack: LocalStack) -> Iterator[tuple[Page, list[str]]]:
    """The console, and what should never happen in it."""
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE * 1000)
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('violation ' + e.blockedURI))"
        )
        page = context.new_page()
        events = watched(page, stack.console.partition("/#")[0])
        page.goto(stack.console)
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        yield page, events


@contextmanager
def held(stack: LocalStack) -> Iterator[list[tuple[MessageRecord, list[str]]]]:
    """All hostile texts in the review list, and no longer than for this test."""
    table = workbench(stack).table
    batches = [HOSTILE[start : start + _A_PAGE] for start in range(0, len(HOSTILE), _A_PAGE)]
    records = [(hostile_record(number, texts), texts) for number, texts in enumerate(batches)]
    for record, _ in records:
        table.put(record)
    try:
        yield records
    finally:
        for record, _ in records:
            table.delete(record.messageId)


def test_a_thousand_hostile_texts_are_shown_as_texts(browser: Browser, stack: LocalStack) -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) == 1000
    with held(stack) as records, opened(browser, stack) as (page, events):
        origin = stack.console.partition("/#")[0]
        for path in ("/review", "/review?group=1&text=hostile-"):
            page.goto(origin + path)
            expect(page.locator("[data-row]")).not_to_have_count(0)
        expect(page.locator("[data-row]")).to_have_count(len(records))
        for record, texts in records:
            page.goto(f"{origin}/messages/{record.messageId}")
            page.get_by_role("button", name="Show it").click()
            expect(page.locator("pre.words")).to_be_visible()
            page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
            told = page.locator(".story bdi").all_text_contents()
            assert told == [shown(number, text) for number, text in enumerate(texts)]
            assert page.locator("pre.words").text_content() == harmless.block(record.submission)
        assert events == []
