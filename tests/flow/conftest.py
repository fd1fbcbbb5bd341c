from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import executable
from tests.fakes.webhook_receiver import Receiver, receiving
from tests.flow.deploying import Deployer, deploying
from tests.flow.stack import PATIENCE, LocalStack, started

# On a busy machine everything takes its seconds; waiting costs nothing when there is nothing to wait for.
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """One local stack for all tests that only add messages to it."""
    pages = "ThankYouPages=https://www.example.com/danke.html"
    with started("--forms", str(Path(__file__).with_name("forms.yaml")), "--parameter", pages) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium a process: Playwright's sync API cannot be entered twice."""
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs privileges that containers lack.
        opened = playwright.chromium.launch(executable_path=executable(), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """Where the alerts of `alerting` go; a test that sets `otherwise` sets it back."""
    with receiving() as running:
        yield running


@pytest.fixture(scope="session")
def alerting(receiver: Receiver) -> Iterator[LocalStack]:
    """One local stack with a webhook for all tests that break something; each mends what it broke."""
    with started("--faults", "--webhook", receiver.url) as running:
        yield running


@pytest.fixture
def deployer(stack: LocalStack, tmp_path: Path) -> Deployer:
    return deploying(stack, tmp_path)


@pytest.fixture
def console(browser: Browser, stack: LocalStack) -> Iterator[Page]:
    """The console in a tab of its own, at its overview."""
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE * 1000)
        opened = context.new_page()
        opened.goto(stack.console)
        expect(opened.get_by_role("heading", name="Overview")).to_be_visible()
        yield opened
