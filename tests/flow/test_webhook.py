"""Alerts reach a real receiver on this machine, signed; what it never takes is fired again by a person."""

import json
from pathlib import Path
from typing import Any

import pytest

from ops import webhook
from ops.console.guard import TOKEN_HEADER
from ops.local.up import WEBHOOK_SECRET
from tests.fakes.webhook_receiver import Receiver
from tests.flow.operator import follow, quick, workbench
from tests.flow.stack import LocalStack, until

CHAPTER = "Alert: none came, and there should have been one"
pytestmark = pytest.mark.xdist_group("stack")


def _json(stack: LocalStack, *arguments: str) -> Any:
    return json.loads(quick(stack, *arguments, "--json"))


def _console(stack: LocalStack, path: str, **fields: str) -> str:
    """A page of the console, or with fields what its form answers."""
    address, _, token = stack.console.partition("#token=")
    origin = address.rstrip("/")
    headers = {TOKEN_HEADER: token, "Origin": origin}
    ask = stack.http.build_request(
        "POST" if fields else "GET", f"{origin}/fragment/{path}", headers=headers, data=fields or None
    )
    return stack.http.send(ask).raise_for_status().text


def _calls(receiver: Receiver, alert_id: str, count: int) -> None:
    until(
        lambda: [call.headers["webhook-id"] for call in receiver.calls].count(alert_id), lambda n: n >= count
    )


def test_an_alert_that_fails_twice_arrives_at_the_third_try_under_one_id(
    alerting: LocalStack, receiver: Receiver
) -> None:
    receiver.answers = [(500, {}), (301, {"Location": receiver.url})]
    receiver.calls.clear()
    with alerting.refusing():
        message_id = alerting.accepted(message="my secret")
        alerting.wait_for(message_id, "review")
    until(lambda: len(receiver.calls), lambda count: count >= 3)
    assert len(receiver.calls) == 3
    assert len({call.headers["webhook-id"] for call in receiver.calls}) == 1
    assert all(call.verifies(WEBHOOK_SECRET) for call in receiver.calls)
    body = json.loads(receiver.calls[-1].content)
    assert body["type"] == "contactflow.review"
    assert body["data"] == {"messageId": message_id, "reason": "PermanentSendError"}
    assert not any(word in str(receiver.calls) for word in ("my secret", "@", "whsec_"))


def test_what_no_try_delivers_waits_for_a_person_who_fires_it_again(
    alerting: LocalStack, receiver: Receiver
) -> None:
    bench = workbench(alerting)
    outputs = bench.deployment.outputs
    sqs = alerting.client("sqs")
    given = sqs.get_queue_attributes(QueueUrl=outputs["WebhookQueueUrl"], AttributeNames=["RedrivePolicy"])
    # One try instead of fifteen: a day is too long for a test.
    policy = json.loads(given["Attributes"]["RedrivePolicy"]) | {"maxReceiveCount": 1}
    sqs.set_queue_attributes(
        QueueUrl=outputs["WebhookQueueUrl"], Attributes={"RedrivePolicy": json.dumps(policy)}
    )
    receiver.otherwise = 503
    lost, other = (webhook.fire_test(bench) for _ in range(2))
    until(lambda: webhook.given_up(bench), lambda letters: len(letters) == 2)
    waiting = _json(alerting, "webhook", "list")
    assert {letter["alert_id"] for letter in waiting} == {lost, other}
    assert {letter["kind"] for letter in waiting} == {"test"}
    assert lost in follow(alerting, CHAPTER, "webhook list")
    assert "warn  webhook       0 on the way to the webhook, 2 given up" in follow(
        alerting, CHAPTER, "doctor"
    )

    receiver.otherwise = 204
    receiver.calls.clear()
    assert lost in _console(alerting, "alerts")
    assert "this alert" in _console(alerting, "refire", alert=lost)
    assert "1 sent again" in _console(alerting, "refire", alert=lost, sure="1", why="by the page")
    _calls(receiver, lost, 1)
    follow(alerting, CHAPTER, "webhook refire")
    _calls(receiver, other, 1)
    assert all(call.verifies(WEBHOOK_SECRET) for call in receiver.calls)
    assert webhook.given_up(bench) == []
    audited = [row for row in _json(alerting, "audit") if row["verb"] == "refire"]
    assert [(row["target"], row["state"]) for row in audited] == [(other, "done"), (lost, "done")]
    assert audited[0]["why"] == "receiver mended"
    quick(alerting, "webhook", "refire", lost, "--yes", code=1)


def test_the_function_writes_no_address_and_no_secret_into_its_log(
    alerting: LocalStack, receiver: Receiver
) -> None:
    logs = {path.resolve() for path in Path(f"/proc/{alerting.process.pid}/fd").iterdir()}
    [log] = [path for path in logs if path.match("*NotifyWebhook*.log")]
    written = log.read_text()
    assert "webhook_failed" in written
    assert not any(word in written for word in ("127.0.0.1", "/hook", "whsec_", WEBHOOK_SECRET[6:]))


def test_a_stack_without_a_webhook_says_how_to_have_one(stack: LocalStack) -> None:
    assert "WebhookUrl" not in workbench(stack).deployment.outputs
    quick(stack, "webhook", "list", code=1)
    follow(stack, CHAPTER, "webhook test")
    assert "told by email" in quick(stack, "doctor")
