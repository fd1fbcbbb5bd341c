"""What the console shows and does, over a real workbench."""

import json
import re
from collections.abc import Iterator

import pytest

from ops.console.body import LIMIT
from ops.review.audit import State
from schemas.record import MessageRecord, Status, TimelineEvent
from tests.fakes.console_world import ORIGIN, World, world
from tests.fakes.records import record


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with world() as made:
        yield made


def held(message_id: str, **changed: object) -> MessageRecord:
    return record(Status.REVIEW, **({"messageId": message_id, "reason": "honeypot_filled"} | changed))


def seen(held: MessageRecord) -> str:
    """As the list's checkbox has it."""
    return f"{held.messageId} {held.updatedAt}"


def draft_of(html: str) -> str:
    found = re.search(r'name="draft" value="([^"]+)"', html)
    assert found
    return found[1]


def test_the_overview_counts_what_the_table_holds(console: World) -> None:
    console.put(held("m1"), record(Status.DELIVERED, messageId="m2"), record(Status.BOUNCED, messageId="m3"))
    html = console.get("/?window=month")
    for label in ("Held", "Delivered", "Bounced"):
        assert f'<span class="number">1</span> <span class="label">{label}</span>' in html
    assert 'data-held="1"' in html
    assert "a model, not a bill" in html


def test_an_unchanged_page_is_not_sent_again(console: World) -> None:
    first = console.http.get("/fragment/audit")
    again = console.http.get("/fragment/audit", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


def test_the_list_is_paged_filtered_and_grouped(console: World) -> None:
    console.put(*(held(f"m{n:03}") for n in range(60)), held("odd", reason="stuck_sent"))
    assert console.get("/review").count("data-row") == 50
    assert console.get("/review?page=2").count("data-row") == 11
    assert console.get("/review?reason=stuck_sent").count("data-row") == 1
    assert console.get("/review?text=M003").count("data-row") == 1
    grouped = console.get("/review?group=1")
    assert grouped.count("data-row") == 2
    assert re.search(r"honeypot_filled</bdi></a> <span[^>]*>60<", grouped)
    assert "no duration" in console.get("/review?older-than=soon")
    assert console.get("/review?status=nonsense&page=0").count("data-row") == 50


def test_a_list_has_none_of_the_visitors_words_and_the_message_only_when_asked(console: World) -> None:
    console.put(held("m1"))
    for path in ("/", "/review", "/messages/m1"):
        assert "Norway" not in console.get(path)
    assert "Norway" in console.get("/messages/m1/text")


def test_a_preview_changes_nothing_and_what_it_showed_is_done_once(console: World) -> None:
    items = [held("m1"), held("m2", reason="stuck_sent")]
    console.put(*items)
    shown = console.post("/preview", verb="discard", item=[seen(item) for item in items])
    assert "Discard: 2 messages" in shown
    assert (console.status("m1"), list(console.bench.table.audit_rows(*State))) == ("review", [])
    for _ in range(3):
        told = console.post("/act", verb="discard", draft=draft_of(shown), why="spam")
        assert "2 messages discarded" in told
    rows = list(console.bench.table.audit_rows(*State))
    assert [(row.why, row.actor, row.state) for row in rows] == [("spam", "tests", State.DONE)] * 2
    assert (console.status("m1"), console.status("m2")) == ("discarded", "discarded")


def test_what_changed_since_the_operator_looked_is_left_alone(console: World) -> None:
    console.put(held("m1"))
    shown = console.post("/preview", verb="discard", item="m1 2026-01-01T00:00:00.000Z")
    assert "Discard: 0 messages" in shown
    assert "it has changed since you looked" in shown
    assert 'id="confirm"' not in shown


def test_what_changed_after_the_preview_is_refused(console: World) -> None:
    console.put(held("m1"))
    mine, theirs = (console.post("/preview", verb=verb, item="m1") for verb in ("discard", "resolve"))
    assert "1 message resolved" in console.post("/act", verb="resolve", draft=draft_of(theirs))
    told = console.post("/act", verb="discard", draft=draft_of(mine))
    assert "somebody changed it after you looked" in told
    changed = console.bench.table.get("m1")
    assert changed
    assert changed.reason == "resolved"


def test_other_choices_than_the_previewed_ones_are_previewed_first(console: World) -> None:
    console.put(held("m1"))
    shown = console.post("/preview", verb="retry", item="m1")
    second = console.post("/act", verb="retry", draft=draft_of(shown), subject="Shipping to Norway")
    assert "<del>Hello</del><ins>Shipping to Norway</ins>" in second
    assert console.status("m1") == "review"
    told = console.post("/act", verb="retry", draft=draft_of(second), subject="Shipping to Norway")
    assert "1 message sent again" in told
    sent = console.bench.table.get("m1")
    assert sent
    assert (sent.status, json.loads(sent.submission)["subject"]) == (Status.QUEUED, "Shipping to Norway")


def test_a_resolved_message_is_taken_back_once_however_often_it_is_asked(console: World) -> None:
    console.put(held("m1"))
    done = console.post(
        "/act", verb="resolve", draft=draft_of(console.post("/preview", verb="resolve", item="m1"))
    )
    for _ in range(2):
        assert "1 message back in review" in console.post("/undo", draft=draft_of(done))
    assert console.status("m1") == "review"
    assert len(list(console.bench.table.audit_rows(State.DONE))) == 2


def test_what_ses_may_have_sent_asks_for_a_second_thought(console: World) -> None:
    sending = TimelineEvent(kind="outcome_unknown", at="2026-11-24T10:00:01.000Z", detail="timeout")
    console.put(held("m1", events={"a": sending}))
    careful = console.post("/preview", verb="retry", item="m1")
    assert "Send again: 0 messages" in careful
    assert "SES may have sent it already" in careful
    bold = {"verb": "retry", "draft": draft_of(careful), "even-if-sent": "1", "even-if-old": "1"}
    assert "Send again: 1 message" in console.post("/preview", **bold)


def test_all_that_match_are_meant_and_no_others(console: World) -> None:
    console.put(*(held(f"m{n:03}") for n in range(120)), held("odd", reason="stuck_sent"))
    shown = console.post("/preview", verb="resolve", all="1", reason="honeypot_filled")
    assert "Resolve: 120 messages" in shown


def test_a_forgotten_preview_and_nonsense_are_answered_with_words(console: World) -> None:
    for path, fields in {
        "/act": {"draft": "gone", "verb": "retry"},
        "/undo": {"draft": "gone"},
        "/stop": {},
        "/preview": {"verb": "explode"},
    }.items():
        answer = console.http.post(f"/fragment{path}", data=fields, headers={"Origin": ORIGIN})
        assert answer.status_code in (400, 409)
        assert "That did not work" in answer.text
    large = console.http.post("/fragment/preview", content=b"x" * (LIMIT + 1), headers={"Origin": ORIGIN})
    assert large.status_code == 413
    assert console.http.get("/fragment/messages/nobody").status_code == 404


def test_an_address_stays_suppressed_until_the_question_is_answered(console: World) -> None:
    asked = console.post("/unsuppress", address="owner@example.com")
    found = re.search(r'name="action" value="([^"]+)"', asked)
    assert found
    assert list(console.bench.table.audit_rows(*State)) == []


def test_what_cannot_be_seen_is_spelled_out_and_what_is_markup_is_text(console: World) -> None:
    nasty = "\x1b]0;x\x07\u202e<script>alert(1)</script>\ud800"
    console.put(held("m1", reason=nasty.replace("\ud800", ""), submission=json.dumps({"subject": nasty})))
    for path in ("/review", "/messages/m1", "/messages/m1/text"):
        html = console.get(path)
        assert "<script" not in html
        assert "\u202e" not in html
        assert "\\u202e&lt;script&gt;" in html
