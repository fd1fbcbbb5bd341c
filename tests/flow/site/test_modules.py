"""The page's pure functions, run in the browser that runs them."""

import hashlib
import re
import uuid
from typing import Any

import pytest

from schemas.submission import UUID_PATTERN
from tests.flow.site.conftest import Visit

ID = "0b2f9a52-1111-4222-8333-444455556666"


def leading_zero_bits(text: str) -> int:
    digest = hashlib.sha256(text.encode()).digest()
    return len(digest) * 8 - int.from_bytes(digest, "big").bit_length()


def call(visit: Visit, module: str, body: str, argument: object = None) -> Any:
    """The value of `body`, a function body that sees the module as `m` and the argument as `x`."""
    return visit().evaluate(f"async (x) => {{ const m = await import('/{module}'); {body} }}", argument)


def test_a_stamp_is_proof_of_work_for_its_id(visit: Visit) -> None:
    made = call(
        visit,
        "stamp.js",
        "const s = m.createStamper(); return Promise.all(x.map((id) => s.prepare(id).then((n) => [id, n]))"
        ".concat([m.STAMP_BITS]));",
        [ID],
    )
    *stamps, bits = made
    assert bits == 18
    for submission_id, nonce in stamps:
        assert re.fullmatch(r"[0-9a-f]{1,32}", nonce)
        assert leading_zero_bits(f"{submission_id}:{nonce}") >= bits


@pytest.mark.parametrize("text", ["", "abc", "x" * 55])
def test_the_hash_is_sha256(visit: Visit, text: str) -> None:
    word = call(visit, "sha256.js", "return m.firstWord(new DataView(m.blockOf(x).buffer)) >>> 0;", text)
    assert word == int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def test_work_for_an_id_that_is_given_up_ends_empty(visit: Visit) -> None:
    first, second = call(
        visit,
        "stamp.js",
        "const s = m.createStamper(); const a = s.prepare(x + '1'); const b = s.prepare(x + '2');"
        "return Promise.all([a, b]);",
        ID[:-1],
    )
    assert first == ""
    assert leading_zero_bits(f"{ID[:-1]}2:{second}") >= 18


def test_a_worker_that_fails_gives_no_stamp(visit: Visit) -> None:
    body = """
        const fail = { postMessage() { setTimeout(() => this.onerror()); }, terminate() {} };
        const refuse = () => { throw new DOMException('no', 'SecurityError'); };
        return Promise.all([m.createStamper(() => fail).take('a'), m.createStamper(refuse).take('a')]);"""
    assert call(visit, "stamp.js", body) == ["", ""]


def test_ids_are_uuids_with_and_without_a_secure_context(visit: Visit) -> None:
    body = "const a = m.newId(); crypto.randomUUID = undefined; return [a, m.newId(), m.uuidOf(new Uint8Array(16))];"
    ids = call(visit, "identity.js", body)
    assert all(re.fullmatch(UUID_PATTERN, made) and uuid.UUID(made).version == 4 for made in ids)
    assert len(set(ids)) == 3


def test_one_content_has_one_id(visit: Visit) -> None:
    body = """
        let n = 0;
        const i = m.createIdentity(undefined, () => `id${n += 1}`);
        return [i.idFor('a'), i.idFor('ab'), i.post('ab').id, i.post('ab').id, i.idFor('abc'), i.idFor('ab'),
                i.post('abc').id, i.idFor('ab'),
                m.createIdentity({id: 'old', content: 'a'}, () => 'new').idFor('a')];"""
    assert call(visit, "identity.js", body) == ["id1", "id1", "id1", "id1", "id2", "id1", "id2", "id1", "old"]


def test_back_off_doubles_with_jitter_and_is_bounded(visit: Visit) -> None:
    body = "return [1, 2, 3, 4, 5, 9].map((n) => [m.backoff(n, () => 0), m.backoff(n, () => 1)]);"
    assert call(visit, "send.js", body) == [
        [500, 1000],
        [1000, 2000],
        [2000, 4000],
        [4000, 8000],
        [8000, 16000],
        [10000, 20000],
    ]


def test_attempts_are_bounded(visit: Visit) -> None:
    body = """
        const seen = [];
        const never = new AbortController().signal;
        const outcome = await m.deliver(async () => ({kind: 'later', reason: 'busy'}),
            (reason, attempt) => seen.push(attempt), never, async () => {}, () => 0);
        return [seen, outcome];"""
    assert call(visit, "send.js", body) == [[2, 3, 4, 5], {"kind": "later", "reason": "busy"}]


def test_the_fill_time_is_what_the_schema_takes(visit: Visit) -> None:
    body = "return [m.fillTime(0, 9), m.fillTime(5, 9), m.fillTime(9, 5), m.fillTime(1, 1e15)];"
    assert call(visit, "contact.js", body) == [0, 4, 1, 604_800_000]


@pytest.mark.parametrize(
    ("search", "preferred", "language"),
    [
        ("", ["de-CH", "en"], "de"),
        ("?lang=en", ["de"], "en"),
        ("?lang=xx", ["fr", "de"], "de"),
        ("?lang=constructor", ["ja"], "en"),
        ("", [], "en"),
    ],
)
def test_the_language_is_the_first_that_both_know(
    visit: Visit, search: str, preferred: list[str], language: str
) -> None:
    body = "return m.chooseLanguage(x[0], x[1], ['en', 'de']);"
    assert call(visit, "texts.js", body, [search, preferred]) == language
