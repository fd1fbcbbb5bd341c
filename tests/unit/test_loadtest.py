"""The load test's own arithmetic. That it loads at all is what `make loadtest` shows."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from loadtest import artillery, charts, scenario
from loadtest.artillery import Run
from loadtest.report import Measured, html, markdown, rows
from loadtest.samples import Sample, accepted, histogram, per_second, percentile, read
from ops.reconcile import COLUMNS, Report

LOADTEST = Path(scenario.__file__).parent
RUN = Run(0, {"http.requests": 4}, {"min": 1, "mean": 2.4, "p99": 9, "max": 9}, 2.0)
SAMPLES = [
    Sample(1_000, 202, 1.0, "valid", "m1"),
    Sample(1_900, 202, 2.0, "valid", "m2"),
    Sample(2_100, 400, 1.0, "invalid", None),
    Sample(4_000, 202, 9.0, "bot", "m3"),
]


def books(**columns: int) -> Report:
    return Report(
        sum(columns.values()),
        dict.fromkeys(COLUMNS, 0) | {k.replace("_", " "): v for k, v in columns.items()},
    )


def measured(report: Report | None = None) -> Measured:
    depths = {"intake": [(0.0, 0.0), (0.5, 3.0), (1.0, 0.0)], "events": [(0.0, 0.0)]}
    return Measured("quick", "a <local> stack", RUN, SAMPLES, report, depths if report else {}, [0.4, 0.6])


def test_quick_is_the_briefs_hundred_visitors_with_a_hundred_messages_each() -> None:
    script = scenario.script("quick", "http://127.0.0.1:1/prod", 1.0)
    assert [phase["arrivalCount"] for phase in script["config"]["phases"]] == [100]
    assert [step["count"] for step in script["scenarios"][0]["flow"]] == [100]


@pytest.mark.parametrize("name", scenario.names())
def test_every_scenario_has_thresholds_and_records_every_answer(name: str) -> None:
    script = scenario.script(name, "http://127.0.0.1:1/prod", 1.0)
    assert script["config"]["ensure"]["conditions"]
    assert "ensure" in script["config"]["plugins"]
    assert json.dumps(script["scenarios"]).count('"afterResponse": "record"') == 1


@pytest.mark.parametrize("name", scenario.names())
def test_a_scaled_scenario_loads_less_but_never_nothing(name: str) -> None:
    whole, tiny = (
        scenario.script(name, "http://127.0.0.1:1", scale)["config"]["phases"] for scale in (1.0, 0.001)
    )
    for more, less in zip(whole, tiny, strict=True):
        assert more["duration"] == less["duration"]
        for rate in {"arrivalCount", "arrivalRate", "rampTo"} & more.keys():
            assert 1 <= less[rate] <= more[rate]


def test_the_files_that_a_script_names_are_there(tmp_path: Path) -> None:
    script = json.loads(scenario.write(tmp_path, "contact-form", "http://127.0.0.1:1", 1.0).read_text())[
        "config"
    ]
    assert Path(script["processor"]).is_file()
    assert Path(script["payload"]["path"]).is_file()


def test_the_lock_of_artillery_names_no_registry_and_every_packages_hash() -> None:
    lock = json.loads((LOADTEST / "package-lock.json").read_text())["packages"]
    assert lock["node_modules/artillery"]["version"] == "2.0.21"
    assert not [name for name, package in lock.items() if "resolved" in package]
    assert not [
        name
        for name, package in lock.items()
        if name and "integrity" not in package and not package.get("inBundle")
    ]


def test_samples_of_all_workers_are_read_in_the_order_of_time(tmp_path: Path) -> None:
    for number, sample in enumerate(reversed(SAMPLES)):
        (tmp_path / f"{number}.ndjson").write_text(json.dumps(vars(sample)) + "\n")
    assert read(tmp_path) == SAMPLES
    assert accepted(read(tmp_path)) == ["m1", "m2", "m3"]


def test_a_percentile_is_a_value_that_was_measured() -> None:
    hundred = [float(number) for number in range(1, 101)]
    assert [percentile(hundred, share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]
    assert percentile([], 0.5) == 0


def test_a_histogram_holds_every_value_once() -> None:
    values = [float(number % 17) for number in range(1_000)] + [10_000.0]
    assert sum(number for _, number in histogram(values, 20)) == len(values)


def test_a_second_without_an_answer_is_shown_as_none() -> None:
    assert per_second([1_000, 1_900, 2_100, 4_000]) == [(0, 2), (1, 1), (2, 0), (3, 1)]


def test_held_bots_are_no_reviews_of_what_people_sent() -> None:
    here = {row.what: row.here for row in rows(measured(books(delivered=2, in_review=1)))}
    assert here["delivered, of what people sent"] == "100.00%"
    assert here["in review, of what people sent"] == "0.00%"
    assert here["bots held for review"] == "1 of 1"
    assert here["accepted (202)"] == "3 of 4; 1 x 400"


def test_without_a_stack_the_report_says_that_nothing_was_counted() -> None:
    assert "only the API was in reach" in markdown(measured())
    assert "Messages in the queues" not in html(measured())


def test_the_report_fetches_nothing_and_shows_what_it_was_given_as_text() -> None:
    page = html(measured(books(delivered=2, in_review=1)))
    assert "a &lt;local&gt; stack" in page
    assert "src=" not in page
    assert "href=" not in page
    assert page.count("<svg") == 5


@pytest.mark.parametrize(
    "drawn",
    [
        charts.bars("a < b", [(0.0, 3), (1.0, 0), (2.0, 5)], "ms"),
        charts.bars("nothing", [], "ms"),
        charts.lines("lines", {"a&b": [(0.0, 0.0), (2.0, 0.001)], "c": []}, "s"),
        charts.lines("one point", {"a": [(0.0, 0.0)]}, "s"),
        charts.ledger("books", dict.fromkeys(COLUMNS, 0)),
    ],
)
def test_a_chart_is_well_formed_and_stays_within_its_frame(drawn: str) -> None:
    root = ET.fromstring(drawn)  # noqa: S314 - drawn above
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    for shape in root.iter("{http://www.w3.org/2000/svg}rect"):
        if shape.attrib["width"] != "100%":
            assert (
                0
                <= float(shape.attrib["x"])
                <= float(shape.attrib["x"]) + float(shape.attrib["width"])
                <= width
            )
            assert 0 <= float(shape.attrib["y"]) + float(shape.attrib["height"]) <= height


def test_artillerys_report_is_read_as_it_writes_it(tmp_path: Path) -> None:
    aggregate = {
        "counters": {"http.requests": 100, "http.codes.202": 100, "vusers.failed": 0},
        "rates": {"http.request_rate": 100},
        "firstMetricAt": 1_764_031_831_000,
        "lastMetricAt": 1_764_031_832_500,
        "summaries": {"http.response_time": {"min": 0, "max": 28, "count": 100, "mean": 3.8, "p99": 26.8}},
    }
    (tmp_path / "artillery.json").write_text(json.dumps({"aggregate": aggregate, "intermediate": []}))
    run = artillery.read(tmp_path / "artillery.json", 1)
    assert (run.exit_code, run.seconds, run.counters["http.codes.202"]) == (1, 1.5, 100)
    assert run.response_time["mean"] == 3.8
