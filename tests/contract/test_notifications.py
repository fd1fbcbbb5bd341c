"""docs/notifications.md says what the code does."""

import json
import re
from pathlib import Path

from handlers.core import alert, webhook
from ops.cost.counted import count
from ops.cost.model import Load, bill
from ops.cost.report import totals
from tests.contract.translated import template
from tests.fakes import notifications

PAGE = (Path(__file__).parents[2] / "docs" / "notifications.md").read_text()
ASL = json.loads((Path(__file__).parents[2] / "statemachine" / "delivery.asl.json").read_text())


def test_the_example_is_what_the_function_posts() -> None:
    [example] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    told = alert.read(notifications.review("0b5f2c1e-6f0a-4e4b-9a53-0a7f4f0f5f11"))
    assert json.loads(example) == json.loads(webhook.body(told))


def test_the_workflows_own_alert_is_one_that_the_webhook_knows() -> None:
    attributes = ASL["States"]["NotifyFailure"]["Parameters"]["MessageAttributes"]
    given = {"kind": attributes["kind"]["StringValue"]}
    given |= {name: "x" for name, value in attributes.items() if "StringValue.$" in value}
    assert alert.read(notifications.envelope("", given)).data == {"messageId": "x", "reason": "x"}


def test_the_waits_of_the_page_are_the_schedule() -> None:
    seconds, minutes, hours = (5, 10), (1, 5, 10, 15, 30), (1, 1, 2, 3, 4, 5, 7)
    assert (*seconds, *(60 * m for m in minutes), *(3600 * h for h in hours)) == webhook.WAITS
    told = " ".join(PAGE.split())
    assert (
        "after 5 and 10 seconds, then 1, 5, 10, 15 and 30 minutes, then after 1, 1, 2, 3, 4, 5 and 7 hours"
        in told
    )


def test_every_parameter_of_the_page_is_the_templates() -> None:
    named = set(re.findall(r"\b(?:Alert|Webhook)(?:Address|PhoneNumber|Url|Secret)\b", PAGE))
    assert named <= template()["Parameters"].keys()
    assert len(named) == 4


def test_the_webhooks_price_is_the_bills() -> None:
    off, on = (totals(bill(Load(1_000, 30_000, webhook=webhook), count()))[0] for webhook in (False, True))
    assert f"${on - off:.2f} a month" in PAGE
