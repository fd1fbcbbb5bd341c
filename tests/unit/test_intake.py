import base64
import hashlib
import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core import intake, proof_of_work
from handlers.core.intake import Accepted, Redriven
from handlers.core.screening import Rules
from schemas.intake import IntakeAttributes
from tests.fakes import ses_events
from tests.fakes.records import SUBMISSION

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
RULES = Rules(
    minimum_fill_milliseconds=3000,
    require_proof_of_work=False,
    allowed_origin="https://example.com",
    content_score_limit=5,
)
FORMS = replace(RULES, form_origins={"shop": "https://shop.example", "jobs": "https://jobs.example"})
ID = "3f0e6c1a-0b2d-4c5e-8f90-a1b2c3d4e5f6"


def read(body: str, rules: Rules = RULES, **attributes: str) -> Accepted | Redriven:
    return intake.read(body, IntakeAttributes(**attributes), rules, NOW)


def accept(rules: Rules = RULES, origin: str = "", **changed: object) -> Accepted:
    accepted = read(json.dumps(SUBMISSION | changed), rules, messageId=ID, origin=origin)
    assert isinstance(accepted, Accepted)
    return accepted


def stamp(submission_id: str) -> str:
    for nonce in itertools.count():
        digest = hashlib.sha256(f"{submission_id}:{nonce:x}".encode()).digest()
        if int.from_bytes(digest) >> (256 - proof_of_work.DIFFICULTY_BITS) == 0:
            return f"{nonce:x}"
    raise AssertionError


def test_a_plain_post_is_to_be_delivered_under_the_gateway_s_id() -> None:
    accepted = accept()
    assert (accepted.message_id, accepted.hold_reason) == (ID, None)


def test_an_event_of_ses_that_somebody_moved_here_waits_to_be_sent_back_to_its_queue() -> None:
    """As SQS's redrive does with all of ReviewQueue if IntakeQueue is named as the destination."""
    body = ses_events.body("Delivery", ID)
    held = read(body)
    assert isinstance(held, Accepted)
    assert (held.hold_reason, held.body) == (intake.POISON_EVENT, body)


def test_the_time_of_acceptance_is_the_gateway_s() -> None:
    accepted = read(json.dumps(SUBMISSION), messageId=ID, receivedAt="1795514400123")
    assert isinstance(accepted, Accepted)
    assert accepted.accepted_at.isoformat(timespec="milliseconds") == "2026-11-24T10:00:00.123+00:00"


@pytest.mark.parametrize(
    ("form", "origin", "reason"),
    [
        ("", "https://example.com", None),
        ("", "https://shop.example", "foreign_origin"),
        ("shop", "https://shop.example", None),
        ("shop", "", None),
        ("shop", "https://example.com", "foreign_origin"),
        ("shop", "https://jobs.example", "foreign_origin"),
        ("shop", "https://shop.example.evil", "foreign_origin"),
        ("press", "https://shop.example", "unknown_form"),
        ("press", "", "unknown_form"),
    ],
)
def test_a_form_is_filled_in_on_its_own_page_and_an_unknown_one_is_a_person_s(
    form: str, origin: str, reason: str | None
) -> None:
    accepted = accept(FORMS, origin=origin, form=form)
    assert (accepted.hold_reason, accepted.form) == (reason, form)


def test_a_stack_without_forms_knows_none_and_keeps_what_names_one() -> None:
    assert accept(form="shop").hold_reason == "unknown_form"


def test_the_form_is_part_of_the_content_and_its_absence_changes_no_hash() -> None:
    shop, jobs = accept(FORMS, form="shop"), accept(FORMS, form="jobs")
    assert shop.content_hash != jobs.content_hash
    # As it was before there were forms: a message put then and repeated now is the same one.
    assert accept().content_hash == "115f8c611b48e7d46da937c5143b97f04f9a870d1be6b37d62efc5506ea8ca4d"


@pytest.mark.parametrize("received_at", ["", "9999999999999999", "yesterday", "1" * 5000, "-1e9"])
def test_a_time_that_is_none_gives_way_to_ours(received_at: str) -> None:
    accepted = read(json.dumps(SUBMISSION), receivedAt=received_at)
    assert isinstance(accepted, Accepted)
    assert accepted.accepted_at == NOW


def test_without_the_attribute_the_submission_s_own_id_counts() -> None:
    accepted = read(json.dumps(SUBMISSION | {"submissionId": ID}))
    assert isinstance(accepted, Accepted)
    assert accepted.message_id == ID


def test_without_any_id_equal_bodies_get_equal_ids() -> None:
    first, again = read(json.dumps(SUBMISSION)), read(json.dumps(SUBMISSION))
    assert isinstance(first, Accepted)
    assert first == again


def test_an_illegal_id_is_never_used() -> None:
    accepted = read(json.dumps(SUBMISSION), messageId="../x")
    assert isinstance(accepted, Accepted)
    assert "/" not in accepted.message_id


def test_a_retry_with_another_stamp_is_the_same_content() -> None:
    assert accept(stamp="0a", fillMilliseconds=5000).content_hash == accept().content_hash


def test_another_text_is_another_content() -> None:
    assert accept(message="Something else").content_hash != accept().content_hash


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"website": "https://spam.example"}, "honeypot_filled"),
        ({"fillMilliseconds": 200}, "filled_too_fast"),
        ({"message": "This is [b]bold[/b], is it not?"}, "content_score_5:bbcode"),
        ({"email": "nobody"}, "invalid_submission"),
        ({"extra": 1}, "invalid_submission"),
    ],
)
def test_suspicion_and_invalid_input_go_to_a_person_with_the_reason(
    changed: dict[str, Any], reason: str
) -> None:
    assert accept(**changed).hold_reason == reason


def test_a_browser_from_another_site_is_held_and_one_from_ours_is_not() -> None:
    assert accept(origin="https://evil.example").hold_reason == "foreign_origin"
    assert accept(origin="https://example.com").hold_reason is None


def test_with_proof_of_work_required_a_stamp_for_another_id_is_worth_nothing() -> None:
    strict = Rules(0, require_proof_of_work=True, allowed_origin="", content_score_limit=0)
    other = "00000000-0000-4000-8000-000000000000"
    assert accept(strict).hold_reason == "no_proof_of_work"
    assert accept(strict, submissionId=ID, stamp=stamp(ID)).hold_reason is None
    assert accept(strict, submissionId=other, stamp=stamp(ID)).hold_reason == "no_proof_of_work"


def test_a_review_message_that_comes_back_is_a_redrive() -> None:
    assert read(json.dumps({"messageId": ID, "reason": "honeypot_filled"})) == Redriven(ID)


@given(st.text() | st.text(alphabet='{}[]":,\\u0d8aflse1') | st.binary().map(lambda b: b.decode("latin1")))
def test_no_body_raises(body: str) -> None:
    accepted = read(body)
    assert isinstance(accepted, Accepted)
    assert accepted.hold_reason
    assert accepted.body.encode().decode() == accepted.body


def wrapped(text: str, **more: object) -> str:
    return json.dumps({"urlencoded": base64.b64encode(text.encode()).decode()} | more)


def plain(text: str, rules: Rules = RULES, origin: str = "", **more: object) -> Accepted:
    accepted = read(wrapped(text, **more), rules, messageId=ID, origin=origin)
    assert isinstance(accepted, Accepted)
    return accepted


FILLED = "email=ann%40example.com&message=Hi"


def test_a_plain_form_is_a_message_like_any_other() -> None:
    accepted = plain(FILLED)
    assert (accepted.message_id, accepted.hold_reason, accepted.sender) == (ID, None, "ann@example.com")


@pytest.mark.parametrize(
    ("form", "origin", "reason"),
    [
        ("shop", "https://shop.example", None),
        ("shop", "https://jobs.example", "foreign_origin"),
        ("press", "https://shop.example", "unknown_form"),
        ("-", "", "unknown_form"),
    ],
)
def test_a_plain_form_s_id_is_routed_like_that_of_a_script(
    form: str, origin: str, reason: str | None
) -> None:
    accepted = plain(FILLED, FORMS, origin, form=form)
    assert (accepted.hold_reason, accepted.form) == (reason, form)


@pytest.mark.parametrize("form", ["A", "a" * 33, 1, None, ["a"], {"a": 1}, "a\n"])
def test_an_id_that_the_gateway_never_writes_is_held(form: object) -> None:
    accepted = plain(FILLED, FORMS, form=form)
    assert (accepted.hold_reason, accepted.form) == (None if form is None else "invalid_submission", "")


@pytest.mark.parametrize(("origin", "reason"), [("null", "foreign_origin"), ("", None)])
def test_a_page_that_hides_its_origin_is_held_and_a_client_that_has_none_is_not(
    origin: str, reason: str | None
) -> None:
    assert plain(FILLED, origin=origin).hold_reason == reason


def test_with_proof_of_work_every_plain_form_is_held() -> None:
    assert plain(FILLED, replace(RULES, require_proof_of_work=True)).hold_reason == "no_proof_of_work"


def test_what_breaks_a_rule_can_be_read_by_the_person_who_looks_at_it() -> None:
    accepted = plain(f"email=ann%40example.com&message={'%C3%BC' * 1001}&form=x", FORMS, form="shop")
    assert (accepted.hold_reason, accepted.form) == ("invalid_submission", "shop")
    assert json.loads(accepted.body)["message"] == "ü" * 1001 + "\nform: x"


def test_what_is_no_form_is_kept_as_it_came() -> None:
    accepted = plain("message=%zz")
    assert (accepted.hold_reason, accepted.body) == ("unreadable_body", "message=%zz")


def test_the_longest_form_that_the_gateway_takes_fits_an_item() -> None:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    for longest in ("message=" + "\0" * 49_992, "%" * 50_000, "message=" + "\U0001f600" * 25_000):
        assert len(plain(longest).body.encode()) < 350 * 1024
