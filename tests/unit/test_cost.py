import json
from dataclasses import asdict, replace
from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from ops.cli import app
from ops.cost.counted import ON_THE_WAY, ROOT, Counted, count, counter_names, transitions
from ops.cost.model import RECORD_WRITES, Line, Load, bill
from ops.cost.prices import BRIEF_USD, HOSTED, PRICES
from ops.cost.report import show, totals
from tests.simulation import runs
from tests.simulation.faults import CALM
from tests.simulation.world import World

COUNTED = count()
DEFAULT = Load(messages=1_000, requests=30_000)
PER_METHOD = "CloudWatch: API Gateway's metrics of each method"


def of(what: str, lines: list[Line]) -> Line:
    [found] = [line for line in lines if line.item.what == what]
    return found


def asl(name: str = "delivery.asl.json") -> dict[str, object]:
    definition: dict[str, object] = json.loads((ROOT / "statemachine" / name).read_text())
    return definition


def test_the_default_costs_less_than_two_dollars_and_nine_without_free_tiers() -> None:
    with_free, without_free = totals(bill(DEFAULT, COUNTED))
    assert with_free < 2
    assert without_free < 9


def test_a_delivered_message_takes_as_many_writes_of_its_record_as_the_bill_says() -> None:
    world = World(4, faults=CALM)
    world.trace = []
    runs.burst(world, 50)
    writes = [what for _at, what in world.trace if ": put " in what or ": change " in what]
    refused = [what for what in writes if what.endswith(": refused")]
    assert len(writes) - len(refused) == RECORD_WRITES * 50
    # Where an event overtakes the answer that it is about: how often is the seed's draw.
    assert len(refused) < 25


def test_metrics_of_each_api_method_would_stand_on_the_bill_if_the_template_turned_them_on() -> None:
    assert of(PER_METHOD, bill(DEFAULT, COUNTED)).without_free == 0
    line = of(PER_METHOD, bill(DEFAULT, replace(COUNTED, method_metrics=20)))
    assert line.without_free == pytest.approx(20 * PRICES["metric"].usd)


def test_even_with_the_firewall_the_acknowledgement_and_a_key_it_stays_under_the_briefs_twelve_dollars() -> (
    None
):
    everything = replace(
        DEFAULT, waf=True, customer_key=True, acknowledgements=True, cloudfront=True, webhook=True
    )
    with_free, _ = totals(bill(everything, COUNTED))
    assert with_free < BRIEF_USD


def test_a_month_without_a_message_costs_exactly_the_fixed_items() -> None:
    idle = bill(Load(messages=0, requests=0), COUNTED)
    fixed = [line for line in idle if line.item.fixed]
    assert totals(fixed) == totals(idle)
    assert {line.item.what for line in fixed} == {
        "CloudWatch: alarms",
        "CloudWatch: dashboard",
        "CloudWatch: log of the sweep",
        "DynamoDB: sweep",
        "KMS: DynamoDB's key, sweep",
        "Lambda: sweep",
        "Lambda: sweep, duration",
        "S3: the page",
        "SQS: Lambda's idle polling",
    }


def test_each_switch_names_its_fixed_price() -> None:
    fixed = {
        line.item.what
        for line in bill(replace(DEFAULT, waf=True, customer_key=True), COUNTED)
        if line.item.fixed
    }
    assert {"WAF: web ACL", "WAF: one rate rule", "KMS: a key of your own"} <= fixed


def test_the_webhook_is_on_the_bill_only_if_it_is_on() -> None:
    off, on = bill(DEFAULT, COUNTED), bill(replace(DEFAULT, webhook=True), COUNTED)
    assert not [line.item.what for line in off if "webhook" in line.item.what]
    assert of("SQS: Lambda's idle polling, webhook", on).without_free > 0
    assert totals(off)[0] < totals(on)[0] < totals(off)[0] + 0.5


def test_what_a_condition_may_leave_out_is_not_counted_as_there() -> None:
    assert (COUNTED.functions, COUNTED.queues, COUNTED.event_sources) == (5, 3, 2)
    assert (COUNTED.webhook_sources, COUNTED.webhook_counters) == (1, 3)


def test_alarms_and_dashboard_of_the_template_fit_into_the_free_tier() -> None:
    assert COUNTED.alarm_metrics <= PRICES["alarm_metric"].free
    assert COUNTED.dashboards <= PRICES["dashboard"].free


def test_a_delivered_message_takes_four_transitions_and_one_more_with_an_acknowledgement() -> None:
    assert transitions(asl(), acknowledge=False) == COUNTED.transitions == 4
    assert transitions(asl(), acknowledge=True) == COUNTED.transitions_acknowledged == 5


def test_a_state_more_in_the_workflow_is_a_transition_more_on_the_bill() -> None:
    states = {
        "First": {"Type": "Pass", "Next": "Second"},
        "Second": {"Type": "Task", "Next": "Last"},
        "Last": {"Type": "Succeed"},
    }
    assert transitions({"StartAt": "First", "States": states}, acknowledge=False) == 3


def test_the_counters_that_every_message_moves_are_counters_of_the_code() -> None:
    assert counter_names(ROOT / "handlers") >= ON_THE_WAY
    assert COUNTED.counters == len(ON_THE_WAY)


def test_a_free_tier_is_given_once_however_many_items_draw_on_it() -> None:
    lines = [line for line in bill(Load(1_000_000, 3_000_000), COUNTED) if line.item.price == "sqs_request"]
    used = sum(line.item.quantity for line in lines)
    paid = sum(line.with_free for line in lines) / PRICES["sqs_request"].usd
    assert len(lines) > 1
    assert used - paid == pytest.approx(PRICES["sqs_request"].free)


@pytest.mark.parametrize("load", [DEFAULT, Load(10_000_000, 30_000_000, waf=True, acknowledgements=True)])
def test_a_free_tier_never_makes_anything_dearer(load: Load) -> None:
    for line in bill(load, COUNTED):
        assert 0 <= line.with_free <= line.without_free


def test_more_messages_never_cost_less() -> None:
    sums = [
        totals(bill(Load(messages, 3 * messages), COUNTED)) for messages in (0, 1, 730, 1_000, 10**5, 10**7)
    ]
    assert sums == sorted(sums)


def test_every_price_says_where_and_when_it_was_read() -> None:
    entries = [(price.source, price.read) for price in PRICES.values()]
    for source, read in [*entries, *((hosted.source, hosted.read) for hosted in HOSTED)]:
        assert source.startswith("https://")
        assert read.startswith("2026-")


def test_the_command_prints_the_same_sum_that_it_gives_as_json() -> None:
    arguments = ["cost", "--messages", "1000", "--requests", "30000"]
    given = json.loads(CliRunner().invoke(app, [*arguments, "--json"]).stdout)
    told = CliRunner().invoke(app, arguments).stdout
    assert given["with_always_free_tiers"] == pytest.approx(
        sum(item["with_always_free_tiers"] for item in given["items"]), abs=1e-3
    )
    assert f"{given['with_always_free_tiers']:.2f}" in told
    assert all(item["source"] and item["read"] for item in given["items"])


def test_the_command_refuses_less_than_nothing() -> None:
    assert CliRunner().invoke(app, ["cost", "--messages", "-1"]).exit_code == 2


def test_a_bill_without_messages_is_shown_without_a_price_per_message() -> None:
    told = StringIO()
    show(Load(0, 0), bill(Load(0, 0), COUNTED), Console(file=told, width=120))
    assert "Sum" in told.getvalue()


def test_what_is_counted_is_all_there() -> None:
    assert all(number > 0 for name, number in asdict(COUNTED).items() if name != "method_metrics")
    assert isinstance(COUNTED, Counted)
