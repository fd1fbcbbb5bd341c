"""Who gets into the console, by which command it is served, and that everybody can read it."""

import json
import signal
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, expect

from ops.console.guard import TOKEN_HEADER
from tests.flow.accessibility import inspect
from tests.flow.console_page import go
from tests.flow.operator import environment, held, unique
from tests.flow.stack import PATIENCE, ROOT, LocalStack

pytestmark = pytest.mark.xdist_group("stack")


def test_without_the_token_nothing_is_shown_until_it_is_given(browser: Browser, stack: LocalStack) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        go(page, stack, "/review")
        expect(page.get_by_role("heading", name="The token is missing")).to_be_visible()
        page.get_by_label("Address or token").fill(stack.console)
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", name="Waiting for a person")).to_be_visible()


def test_the_command_serves_a_stack_on_loopback_until_ctrl_c(stack: LocalStack) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ops", "console", "--json", "--port", "0"],
        cwd=ROOT,
        env=environment(stack),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        address, _, token = json.loads(process.stdout.readline())["console"].partition("/#token=")
        assert address.startswith("http://127.0.0.1:")
        answers = [
            stack.http.get(f"{address}/fragment/review", headers={TOKEN_HEADER: given})
            for given in (token, "")
        ]
        assert [answer.status_code for answer in answers] == [200, 401]
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0


def test_no_page_has_an_accessibility_fault(browser: Browser, stack: LocalStack) -> None:
    (message_id,) = held(stack, 1, unique())
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(stack.console)
        paths = (
            "/?window=hour",
            "/review",
            "/review?group=1",
            f"/messages/{message_id}",
            "/audit",
            "/suppression",
            "/alerts",
        )
        for path in paths:
            go(page, stack, path)
            inspect(page)
        go(page, stack, f"/messages/{message_id}")
        for folded in page.locator("#main details summary").all():
            folded.click()
        inspect(page)
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.get_by_role("dialog").get_by_text("Edit the subject").click()
        inspect(page)
