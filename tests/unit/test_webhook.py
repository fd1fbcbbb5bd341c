"""What the webhook says, how it is signed, and when it comes again."""

import json
from typing import Any

import pytest

from handlers.core import alert, webhook
from tests.fakes import notifications
from tests.fakes.notifications import ALERT_ID, envelope

CANARY = "ann@example.com wrote: my secret"
#: The key of the specification's own libraries' tests.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - a published example
DAY = 86_400


def body(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(webhook.body(alert.read(text)))
    return document


def test_the_published_example_of_standard_webhooks_is_signed_as_published() -> None:
    # https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts
    content = b'{"test": 2432232314}'
    headers = webhook.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, content, SECRET)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
    )


def test_while_secrets_change_both_sign() -> None:
    other = "whsec_" + "A" * 32
    both = webhook.headers(ALERT_ID, 1, b"{}", f"{other} {SECRET}")["webhook-signature"]
    assert both.split(" ") == [webhook.signature(secret, ALERT_ID, 1, b"{}") for secret in (other, SECRET)]


@pytest.mark.parametrize("alert_id", [ALERT_ID, "a", "b", "c", "d"])
def test_fifteen_tries_take_a_day_more_or_less_and_no_wait_is_longer_than_sqs_allows(alert_id: str) -> None:
    waits = [webhook.wait(tries, alert_id, 0) for tries in range(1, webhook.TRIES)]
    assert len(waits) == 14
    assert 0.9 * DAY < sum(waits) < 1.1 * DAY
    assert max(waits) <= 12 * 3600
    assert abs(sum(webhook.WAITS) - DAY) < 900


def test_what_failed_together_does_not_come_again_together() -> None:
    assert len({webhook.wait(10, str(number), 0) for number in range(100)}) > 50


def test_after_the_last_try_nothing_is_waited_for() -> None:
    assert webhook.wait(webhook.TRIES, ALERT_ID, 600) == 0


@pytest.mark.parametrize(("asked", "waits"), [(30, 30), (0, 5), (1_000_000, 3600)])
def test_a_receiver_that_asks_for_patience_gets_an_hour_at_most(asked: int, waits: int) -> None:
    assert webhook.wait(1, ALERT_ID, asked) == pytest.approx(waits, abs=1)


def test_a_review_alert_names_id_and_reason_for_programs_and_in_one_line_for_slack() -> None:
    assert body(notifications.review()) == {
        "type": "contactflow.review",
        "timestamp": "2026-11-25T03:00:00.123Z",
        "data": {"messageId": "m1", "reason": "PermanentSendError"},
        "text": "ContactFlow: message m1 waits for review, reason PermanentSendError. See docs/runbook.md.",
    }


def test_an_alarm_names_itself_its_state_and_its_meaning() -> None:
    told = body(notifications.alarm())
    assert told["type"] == "contactflow.alarm"
    assert told["data"] == {
        "alarm": "contactflow-ReviewQueueDepthAlarm-1QT2",
        "state": "ALARM",
        "description": "A message waits for a person.",
    }
    assert "ALARM contactflow-ReviewQueueDepthAlarm-1QT2: A message waits for a person." in told["text"]


@pytest.mark.parametrize(
    "text",
    [
        envelope(CANARY),
        envelope(CANARY, Subject=CANARY),
        envelope(json.dumps({"AlarmName": CANARY, "NewStateValue": "ALARM"})),
        envelope(json.dumps({"AlarmName": "a", "NewStateValue": CANARY})),
        envelope(CANARY, {"kind": "review", "messageId": CANARY, "reason": "x"}),
        envelope(CANARY, {"kind": "review", "messageId": "m1", "reason": CANARY}),
        envelope(CANARY, {"kind": CANARY}),
        envelope(CANARY, {"kind": "owner_unreachable", "messageId": "m1", "reason": "bounce (General)"}),
        notifications.alarm(NewStateReason=CANARY),
    ],
    ids=[
        "the text",
        "the subject",
        "an alarm's name",
        "an alarm's state",
        "a message's id",
        "a reason",
        "a kind",
        "the text of an alert of ours",
        "an alarm's measurements",
    ],
)
def test_nothing_that_a_person_wrote_gets_out(text: str) -> None:
    assert CANARY not in webhook.body(alert.read(text)).decode()
    assert "ann@" not in webhook.body(alert.read(text)).decode()


def test_what_is_unknown_is_told_without_its_words() -> None:
    assert body(envelope(CANARY))["type"] == "contactflow.other"


def test_markup_of_slack_is_text() -> None:
    told = body(notifications.alarm(AlarmDescription="<!channel> a & b"))
    assert "&lt;!channel&gt; a &amp; b" in told["text"]
    assert told["data"]["description"] == "<!channel> a & b"


@pytest.mark.parametrize(
    "text", ["", "hello", "{}", '{"Type":"Notification"}', envelope("x", MessageId="a.b")]
)
def test_what_sns_did_not_put_into_the_queue_is_no_alert(text: str) -> None:
    with pytest.raises(alert.NotAnAlertError):
        alert.read(text)
