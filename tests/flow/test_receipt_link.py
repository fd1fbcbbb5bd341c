"""The link that a visitor gets: nobody guesses it, nothing lists them, and it tells nothing of what was written."""

import uuid

import pytest

from tests.flow.stack import LocalStack

pytestmark = pytest.mark.xdist_group("stack")
KEYS = {"messageId", "status", "acceptedAt", "updatedAt", "sentAt", "settledAt"}
PERSONAL = {
    "name": "Wilhelmina Quux",
    "email": "wq@quux.example",
    "subject": "Zyzzyva",
    "message": "Xylophone",
}


def test_an_id_that_the_server_makes_is_122_random_bits(stack: LocalStack) -> None:
    form = {"Accept": "application/json"}
    ids = [stack.accepted() for _ in range(20)]
    ids += [
        stack.http.post(f"{stack.api}/form", data=PERSONAL, headers=form).json()["messageId"]
        for _ in range(20)
    ]
    assert len(set(ids)) == len(ids)
    assert {uuid.UUID(made).version for made in ids} == {4}
    # Only the six bits of version and variant are the same in all of them; by chance, one more in 1 of 2^32 runs.
    numbers = [uuid.UUID(made).int for made in ids]
    always, ever = numbers[0], 0
    for number in numbers:
        always, ever = always & number, ever | number
    assert always.bit_count() + (128 - ever.bit_count()) == 6


@pytest.mark.parametrize(
    ("form", "status", "keys"),
    [("sales", "delivered", KEYS), ("press", "review", KEYS - {"sentAt", "settledAt"})],
)
def test_it_tells_status_and_times_and_nothing_of_the_person(
    stack: LocalStack, form: str, status: str, keys: set[str]
) -> None:
    message_id = stack.accepted(form=form, **PERSONAL)
    stack.wait_for(message_id, status)
    answer = stack.http.get(f"{stack.api}/messages/{message_id}")
    assert set(answer.json()) == keys
    for word in (*PERSONAL.values(), "127.0.0.1", "contactflow.example", form, "unknown"):
        assert word not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/messages", "/messages/", "/messages?id=1", "/messages//", "/messages/a/b"]
)
def test_nothing_lists_them(stack: LocalStack, path: str) -> None:
    assert stack.http.get(stack.api + path).status_code in (400, 403)


def test_only_what_may_be_a_receipt_s_id_is_looked_up(stack: LocalStack) -> None:
    message_id = stack.accepted()
    stack.wait_for(message_id, "delivered")
    for other in (message_id[:-1], message_id + "0", f"{message_id}*", message_id[:8], "%2A", "1", "RECORD"):
        assert stack.status(other) == "400"
    assert stack.status(str(uuid.uuid4())) == "404"
