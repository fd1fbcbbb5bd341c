"""Who the console lets in: this machine's browser with the token, on its own page, and nobody else."""

import re
from collections.abc import Iterator

import pytest

from ops.console.guard import TOKEN_HEADER
from schemas.record import Status
from tests.fakes.console_world import ORIGIN, PORT, TOKEN, World, world
from tests.fakes.records import record

GOOD = {"Host": f"127.0.0.1:{PORT}", TOKEN_HEADER: TOKEN, "Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
READS = [
    "/fragment/",
    "/fragment/review",
    "/fragment/messages/m1",
    "/fragment/messages/m1/text",
    "/fragment/audit",
]
CHANGES = ["/fragment/preview", "/fragment/act", "/fragment/stop", "/fragment/undo", "/fragment/unsuppress"]
FOREIGN = {
    "another name for this machine": {"Host": f"rebound.example:{PORT}"},
    "another port": {"Host": "127.0.0.1:9"},
    "no port": {"Host": "127.0.0.1"},
    "all interfaces": {"Host": f"0.0.0.0:{PORT}"},
    "no token": {TOKEN_HEADER: ""},
    "a wrong token": {TOKEN_HEADER: TOKEN[:-1]},
    "a token with more": {TOKEN_HEADER: f"{TOKEN}x"},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "the same site on another port": {"Sec-Fetch-Site": "same-site"},
}
FOREIGN_CHANGES = FOREIGN | {
    "another origin": {"Origin": "https://evil.example"},
    "another port's origin": {"Origin": "http://127.0.0.1:9"},
    "a hidden origin": {"Origin": "null"},
    "no origin": {"Origin": ""},
    "https": {"Origin": f"https://127.0.0.1:{PORT}"},
}


@pytest.fixture(scope="module")
def console() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_DEFAULT_REGION", "us-east-1")
        with world() as made:
            made.put(record(Status.REVIEW))
            yield made


@pytest.mark.parametrize("path", READS)
@pytest.mark.parametrize("how", FOREIGN)
def test_no_data_is_read_by(console: World, path: str, how: str) -> None:
    assert console.http.get(path, headers=GOOD | FOREIGN[how]).status_code in (401, 403)


@pytest.mark.parametrize("path", CHANGES)
@pytest.mark.parametrize("how", FOREIGN_CHANGES)
def test_nothing_is_changed_by(console: World, path: str, how: str) -> None:
    answer = console.http.post(path, headers=GOOD | FOREIGN_CHANGES[how], data={"verb": "discard"})
    assert answer.status_code in (401, 403)


@pytest.mark.parametrize("path", READS)
def test_what_the_page_asks_is_answered(console: World, path: str) -> None:
    assert console.http.get(path, headers=GOOD).status_code == 200
    assert console.http.get(path, headers=GOOD | {"Host": f"localhost:{PORT}"}).status_code == 200


@pytest.mark.parametrize("path", CHANGES)
def test_a_read_changes_nothing(console: World, path: str) -> None:
    assert console.http.get(path, headers=GOOD).status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/review", "/messages/m1", "/static/console.js", "/fragment/", "/nothing"]
)
def test_every_answer_is_kept_by_nobody_and_framed_by_nobody(console: World, path: str) -> None:
    for headers in (GOOD, GOOD | {TOKEN_HEADER: ""}):
        answer = console.http.get(path, headers=headers)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self';")
        assert "unsafe" not in policy
        assert not any(name.startswith("access-control-") for name in answer.headers)


def test_without_the_token_there_is_a_page_without_any_data(console: World) -> None:
    without = {"Host": f"127.0.0.1:{PORT}"}
    pages = {console.http.get(path, headers=without).text for path in ("/", "/review", "/messages/m1")}
    assert len(pages) == 1
    [shell] = pages
    assert "m1" not in shell
    assert not re.search(r"<script(?![^>]* src=)|\son\w+=|style=|https?://", shell)
