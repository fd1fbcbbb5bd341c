import json
from pathlib import Path

import pytest

from ops.local.gateway.site import Site

ORIGIN = "http://127.0.0.1:8081"
HOST = "127.0.0.1:8081"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "secret.html").write_text("secret")
    directory = tmp_path / "site"
    (directory / "de").mkdir(parents=True)
    (directory / ".git").mkdir()
    (directory / ".git" / "config").write_text("secret")
    (directory / "index.html").write_text("<p>é")
    (directory / "de" / "index.html").write_text("de")
    (directory / "config.json").write_text("{}")
    for name in ("app.js", "style.css", "icon.svg", "data.bin", "a b.txt"):
        (directory / name).write_text(name)
    (directory / "link.html").symlink_to(tmp_path / "secret.html")
    return Site(directory, ORIGIN, "http://127.0.0.1:8080", "http://127.0.0.1:8080/prod")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/de/", "text/html; charset=utf-8"),
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
        ("/data.bin", "application/octet-stream"),
        ("/a b.txt", "text/plain; charset=utf-8"),
    ],
)
def test_files_have_their_media_type(site: Site, path: str, media_type: str) -> None:
    answer = site.answer("GET", HOST, path, path)
    assert (answer.status, answer.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    "path",
    [
        "/absent.html",
        "/de",
        "/../secret.html",
        "/de/../../secret.html",
        "//etc/passwd",
        "/..\\secret.html",
        "/link.html",
        "/.git/config",
        "/de/../.git/config",
        "/index.html\0.png",
        "/" + "a" * 5000,
        "/%2e%2e/secret.html",
        "",
        "*",
    ],
)
def test_nothing_hidden_or_outside_is_served(site: Site, path: str) -> None:
    answer = site.answer("GET", HOST, path, path)
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    answers = [
        site.answer("GET", HOST, "/", "/"),
        site.answer("GET", HOST, "/absent", "/absent"),
        site.answer("POST", HOST, "/", "/"),
        site.answer("GET", "localhost:8081", "/", "/"),
        site.answer("GET", "evil.example", "/", "/"),
    ]
    assert [answer.status for answer in answers] == [200, 404, 405, 307, 421]
    for answer in answers:
        assert answer.headers["content-security-policy"] == (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self' http://127.0.0.1:8080; worker-src 'self'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'"
        )
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "geolocation=()" in answer.headers["permissions-policy"]


def test_the_configuration_names_the_api_whatever_file_lies_there(site: Site) -> None:
    answer = site.answer("GET", HOST, "/config.json", "/config.json")
    assert json.loads(answer.body) == {"apiUrl": "http://127.0.0.1:8080/prod"}


def test_localhost_is_sent_to_the_origin_that_the_api_allows(site: Site) -> None:
    answer = site.answer("GET", "localhost:8081", "/de/", "/de/?a=%20")
    assert answer.headers["location"] == "http://127.0.0.1:8081/de/?a=%20"


def test_a_404_page_of_the_site_is_used(tmp_path: Path) -> None:
    (tmp_path / "404.html").write_text("ours")
    answer = Site(tmp_path, ORIGIN, "http://a", "http://a/prod").answer("GET", HOST, "/x", "/x")
    assert (answer.status, answer.body) == (404, b"ours")
