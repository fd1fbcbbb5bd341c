from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from ops.local.ses.faults import FaultKind
from ops.local.ses.outcomes import Outcome
from tests.fakes.mailbox_page import Door, Mailbox, door
from tests.fakes.ses_world import request


@pytest.fixture(scope="module")
def entrance() -> Iterator[Door]:
    with door() as opened:
        yield opened


@pytest.fixture
def box(entrance: Door) -> Mailbox:
    return entrance.new_mailbox()


@pytest.fixture
def http(box: Mailbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.url, trust_env=False) as client:
        yield client


def tagged(message_id: str) -> dict[str, Any]:
    return request(EmailTags=[{"Name": "messageId", "Value": message_id}])


def test_mails_are_listed_oldest_first_with_all_that_was_sent(box: Mailbox, http: httpx.Client) -> None:
    first, second = box.ses.send(tagged("m-1")), box.ses.send(tagged("m-2"))
    listed = http.get("/api/messages").json()
    assert [mail["id"] for mail in listed] == [first, second]
    assert listed[0] == {
        "id": first,
        "to": ["owner@example.org"],
        "from": "Site <noreply@example.com>",
        "replyTo": ["visitor@example.net"],
        "subject": "Hello [1234]",
        "text": "Hi",
        "html": "<p>Hi</p>",
        "tags": {"messageId": "m-1"},
    }


def test_mails_can_be_asked_for_by_a_tag(box: Mailbox, http: httpx.Client) -> None:
    box.ses.send(tagged("m-1"))
    second = box.ses.send(tagged("m-2"))
    assert [mail["id"] for mail in http.get("/api/messages?tag=messageId:m-2").json()] == [second]
    assert http.get("/api/messages?tag=messageId:m-3").json() == []
    assert http.get("/api/messages?tag=nonsense").json() == []


def test_a_mail_can_be_forgotten_once(box: Mailbox, http: httpx.Client) -> None:
    first, second = box.ses.send(tagged("m-1")), box.ses.send(tagged("m-2"))
    assert [http.delete(f"/api/messages/{first}").status_code for _ in range(2)] == [204, 404]
    assert [mail["id"] for mail in http.get("/api/messages").json()] == [second]


def test_the_next_mails_are_scripted_and_cleared(box: Mailbox, http: httpx.Client) -> None:
    assert http.post("/api/next", json={"outcome": "bounce"}).json() == {
        "next": [{"outcome": "bounce", "count": 1}],
        "fault": None,
    }
    http.post("/api/next", json={"outcome": "throttle", "count": 3})
    assert http.get("/api/next").json()["fault"] == {"outcome": "throttle", "count": 3}
    assert http.delete("/api/next").json() == {"next": [], "fault": None}
    assert box.ses.script.take() is None
    assert box.ses.faults.current() is None


@pytest.mark.parametrize(
    ("order", "calls", "until"),
    [
        ({"outcome": "throttle"}, 1, None),
        ({"outcome": "throttle", "seconds": 30}, None, 30.0),
        ({"outcome": "outage"}, None, None),
        ({"outcome": "outage", "count": 2}, 2, None),
        ({"outcome": "lost_reply"}, 1, None),
        ({"outcome": "slow"}, None, None),
        ({"outcome": "timeout", "count": 2}, 2, None),
    ],
)
def test_a_fault_lasts_as_long_as_ordered(
    box: Mailbox, http: httpx.Client, order: dict[str, Any], calls: int | None, until: float | None
) -> None:
    assert http.post("/api/next", json=order).status_code == 200
    fault = box.ses.faults.current()
    assert fault is not None
    assert fault.kind is FaultKind(order["outcome"])
    assert fault.calls == calls
    assert fault.until == (until and box.world.now + until)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_stored_mail_meets_every_outcome(box: Mailbox, http: httpx.Client, outcome: Outcome) -> None:
    mail_id = box.ses.send(request())
    box.world.run()
    before = len(box.world.events())
    answer = http.post(f"/api/messages/{mail_id}/outcome", json={"outcome": outcome})
    assert (answer.status_code, answer.json()) == (200, {"id": mail_id})
    box.world.run()
    assert len(box.world.events()) > before


@pytest.mark.parametrize(
    "order",
    [
        {},
        [],
        "bounce",
        {"outcome": "explode"},
        {"outcome": "bounce", "count": 0},
        {"outcome": "bounce", "seconds": 3},
        {"outcome": "outage", "seconds": -1},
        {"outcome": "bounce", "extra": 1},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(box: Mailbox, http: httpx.Client, order: Any) -> None:
    answer = http.post("/api/next", json=order)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert not box.ses.script.pending()


def test_a_stored_mail_cannot_be_throttled_and_an_unknown_one_is_not_found(
    box: Mailbox, http: httpx.Client
) -> None:
    mail_id = box.ses.send(request())
    assert http.post(f"/api/messages/{mail_id}/outcome", json={"outcome": "throttle"}).status_code == 400
    assert http.post("/api/messages/unknown/outcome", json={"outcome": "bounce"}).status_code == 404


def test_suppressed_addresses_are_listed_and_taken_off(box: Mailbox, http: httpx.Client) -> None:
    box.ses.script.add(Outcome.BOUNCE)
    box.ses.send(request("a+b@example.org"))
    box.world.run()
    assert http.get("/api/suppressed").json() == [{"address": "a+b@example.org", "reason": "BOUNCE"}]
    assert http.delete("/api/suppressed/a%2Bb@example.org").status_code == 204
    assert http.delete("/api/suppressed/a%2Bb@example.org").status_code == 404


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        ('{"outcome": "bounce"}', "text/plain", 415),
        ("outcome=bounce", "application/x-www-form-urlencoded", 415),
        ("{", "application/json", 400),
        ("[" * 9_000, "application/json", 400),
        ('"' + "x" * 10_000 + '"', "application/json; charset=utf-8", 413),
    ],
)
def test_only_small_json_is_taken(
    box: Mailbox, http: httpx.Client, content: str, media_type: str, status: int
) -> None:
    answer = http.post("/api/next", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status
    assert not box.ses.script.pending()


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:80", "", "[::1", "localhost@evil.example/"]
)
@pytest.mark.parametrize("path", ["/", "/api/messages", "/static/mailbox.js"])
def test_a_rebound_name_is_refused(http: httpx.Client, host: str, path: str) -> None:
    assert http.get(path, headers={"Host": host}).status_code == 403


def test_localhost_is_let_in(http: httpx.Client) -> None:
    assert http.get("/api/messages", headers={"Host": "localhost:1234"}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
@pytest.mark.parametrize("path", ["/next", "/next/clear", "/suppressed/remove", "/api/next"])
def test_other_sites_cannot_post(box: Mailbox, http: httpx.Client, path: str, origin: str) -> None:
    box.ses.script.add(Outcome.BOUNCE)
    assert http.post(path, json={"outcome": "reject"}, headers={"Origin": origin}).status_code == 403
    assert box.ses.script.pending() == {Outcome.BOUNCE: 1}


def test_a_form_without_origin_is_refused(box: Mailbox, http: httpx.Client) -> None:
    assert http.post("/next", data={"outcome": "bounce"}).status_code == 403
    assert http.post("/next", data={"outcome": "bounce"}, headers={"Origin": box.url}).status_code == 303
    assert box.ses.script.pending() == {Outcome.BOUNCE: 1}


def test_looking_changes_nothing(box: Mailbox, http: httpx.Client) -> None:
    for path in ("/next", "/next/clear", "/suppressed/remove", "/messages/x/outcome"):
        assert http.get(path).status_code in {404, 405}
    assert not box.ses.script.pending()


def test_every_answer_carries_its_policy(box: Mailbox, http: httpx.Client) -> None:
    mail_id = box.ses.send(request())
    for path in ("/", "/api/messages", "/static/mailbox.css", "/nowhere", f"/messages/{mail_id}"):
        policy = http.get(path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
    assert http.get(f"/messages/{mail_id}/html").headers["Content-Security-Policy"].startswith("sandbox;")


def test_an_unchanged_page_is_not_sent_again(box: Mailbox, http: httpx.Client) -> None:
    etag = http.get("/").headers["ETag"]
    assert http.get("/", headers={"If-None-Match": etag}).status_code == 304
    box.ses.send(request())
    assert http.get("/", headers={"If-None-Match": etag}).status_code == 200


def test_mails_that_are_gone_are_named_so(http: httpx.Client) -> None:
    for path in ("/messages/unknown", "/messages/unknown/html"):
        answer = http.get(path)
        assert answer.status_code == 404
        assert "This mail is not here" in answer.text


def test_many_mails_are_paged(box: Mailbox, http: httpx.Client) -> None:
    for number in range(26):
        box.ses.send(tagged(f"m-{number}"))
    assert "Page 1 of 2" in http.get("/").text
    assert http.get("/?page=2").text.count('class="mail"') == 1
    assert "Go to the newest" in http.get("/?page=9").text
    assert "Page 1 of 2" in http.get("/?page=abc").text
