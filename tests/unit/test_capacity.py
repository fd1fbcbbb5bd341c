from dataclasses import replace

import pytest
from samtranslator.yaml_helper import yaml_parse

from loadtest import scale
from loadtest.capacity import Load, Outcome, plans, simulate, slowest
from loadtest.quotas import delivery, from_template, intake
from ops.cost.counted import ROOT, count

DEFAULT = from_template(yaml_parse((ROOT / "template.yaml").read_text()))
OPENED = replace(DEFAULT, throttle_rate=10_000, throttle_burst=5_000)
TRANSITIONS = count().transitions


def run(rate: float, seconds: float, **changed: int) -> Outcome:
    return simulate(Load(rate, seconds), replace(OPENED, **changed), TRANSITIONS)


def test_the_page_and_its_chart_say_what_the_simulation_says() -> None:
    for file, text in scale.written().items():
        assert file.read_text() == text, f"{file.name} is stale: python -m loadtest.scale"


@pytest.mark.parametrize("settings", plans(DEFAULT).values(), ids=list(plans(DEFAULT)))
@pytest.mark.parametrize("rate", [10, 100, 1_000])
def test_whatever_is_accepted_is_delivered_and_the_rest_was_refused(settings: object, rate: float) -> None:
    assert isinstance(settings, type(DEFAULT))
    outcome = simulate(Load(rate, 10.0), settings, TRANSITIONS)
    assert outcome.delivered == pytest.approx(outcome.accepted)
    assert outcome.accepted + outcome.refused == pytest.approx(rate * 10)


def test_ten_thousand_at_fourteen_a_second_take_what_the_pacing_test_says() -> None:
    outcome = run(10_000, 1.0)
    assert outcome.accepted == pytest.approx(10_000)
    assert outcome.drain == pytest.approx(10_000 / 14, rel=0.01)


@pytest.mark.parametrize("ses_rate", [1, 14, 30])
def test_a_drain_is_as_long_as_the_slowest_stage_takes(ses_rate: int) -> None:
    outcome = run(100, 60.0, ses_rate=ses_rate)
    slow = slowest(replace(OPENED, ses_rate=ses_rate), TRANSITIONS)
    assert outcome.drain == pytest.approx(6_000 / slow.messages - 60, rel=0.02, abs=3)


def test_the_throttle_lets_its_burst_and_its_rate_in_and_no_more() -> None:
    outcome = simulate(Load(1_000, 60.0), DEFAULT, TRANSITIONS)
    allowed = DEFAULT.throttle_rate * 60 + DEFAULT.throttle_burst
    assert outcome.accepted == pytest.approx(allowed, rel=0.01)
    assert "ThrottleRate" in outcome.bound


def test_below_every_limit_nothing_waits() -> None:
    outcome = run(10, 30.0)
    assert (outcome.refused, outcome.bound) == (0, {})
    assert outcome.peak <= 1


def test_raising_a_limit_never_lengthens_a_drain() -> None:
    drains = [
        run(1_000, 10.0, ses_rate=rate, starters=100, feedback=100).drain for rate in (10, 50, 200, 1_000)
    ]
    assert drains == sorted(drains, reverse=True)


def test_the_stage_that_binds_first_is_the_one_that_is_too_slow() -> None:
    assert list(run(100, 10.0).bound) == ["SES, the account's rate"]
    assert list(run(100, 10.0, ses_rate=500).bound) == ["StartDelivery's environments"]
    assert list(run(200, 10.0, ses_rate=500, starters=100).bound) == ["ProcessFeedback's environments"]


def test_every_limit_has_a_source_and_a_way_out() -> None:
    for quota in (*intake(DEFAULT), *delivery(DEFAULT, TRANSITIONS)):
        assert quota.remedy
        assert quota.source == "template.yaml" or quota.source.startswith("https://docs.aws.amazon.com/")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0.2, "0 s"), (90, "90 s"), (714, "11.9 min"), (42_797, "11.9 h"), (400_000, "4.6 d")],
)
def test_a_duration_is_told_in_the_unit_that_fits(seconds: float, told: str) -> None:
    assert scale.duration(seconds) == told
