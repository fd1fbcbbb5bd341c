"""What of the bill stands in the repository's own files: counted there, so that it cannot go stale."""

import ast
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).parents[2]
#: API Gateway's: 4XXError, 5XXError, Count, IntegrationLatency, Latency.
#: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
_METRICS_OF_A_METHOD = 5
#: The counters that every delivered message moves.
ON_THE_WAY = frozenset({"started", "sent", "event_applied"})
#: What has a condition is there only if a parameter says so; of it, this one's resources are counted by themselves.
WEBHOOK = "HasWebhook"


@dataclass(frozen=True)
class Counted:
    """Numbers from template.yaml, the state machine, handlers/ and site/."""

    alarm_metrics: int
    dashboards: int
    #: API Gateway's per-method metrics, 0 if they are off
    method_metrics: int
    #: our counters that every message moves, and all others
    counters: int
    rare_counters: int
    functions: int
    queues: int
    #: SQS event sources that set MaximumConcurrency
    event_sources: int
    #: of the webhook, which is off unless WebhookUrl is set
    webhook_sources: int
    webhook_counters: int
    #: transitions of a delivered message, without and with an acknowledgement
    transitions: int
    transitions_acknowledged: int
    site_files: int
    site_bytes: int


def count(root: Path = ROOT) -> Counted:
    template = yaml_parse((root / "template.yaml").read_text(encoding="utf-8"))["Resources"]
    definition = json.loads((root / "statemachine" / "delivery.asl.json").read_text(encoding="utf-8"))
    names = counter_names(root / "handlers")
    always = {name: resource for name, resource in template.items() if "Condition" not in resource}
    webhook = {name: resource for name, resource in template.items() if resource.get("Condition") == WEBHOOK}
    webhook_names = {name for name in names if name.startswith("webhook_")}
    functions = _of(always, "AWS::Serverless::Function")
    pages = [file for file in (root / "site").iterdir() if file.is_file()]
    return Counted(
        alarm_metrics=sum(_alarm_metrics(alarm) for alarm in _of(always, "AWS::CloudWatch::Alarm")),
        dashboards=len(_of(always, "AWS::CloudWatch::Dashboard")),
        method_metrics=sum(_method_metrics(api) for api in _of(always, "AWS::Serverless::Api")),
        counters=len(names & ON_THE_WAY),
        rare_counters=len(names - ON_THE_WAY - webhook_names),
        functions=len(functions),
        queues=len(_of(always, "AWS::SQS::Queue")),
        event_sources=sum(_paced_sources(function) for function in functions),
        webhook_sources=sum(
            _paced_sources(function) for function in _of(webhook, "AWS::Serverless::Function")
        ),
        webhook_counters=len(webhook_names),
        transitions=transitions(definition, acknowledge=False),
        transitions_acknowledged=transitions(definition, acknowledge=True),
        site_files=len(pages),
        site_bytes=sum(file.stat().st_size for file in pages),
    )


def _of(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [resource["Properties"] for resource in template.values() if resource["Type"] == kind]


def _alarm_metrics(alarm: dict[str, Any]) -> int:
    # An alarm on a formula is charged for each metric in it: https://aws.amazon.com/cloudwatch/pricing/
    return sum("MetricStat" in metric for metric in alarm["Metrics"]) if "Metrics" in alarm else 1


def _method_metrics(api: dict[str, Any]) -> int:
    """They cost what own metrics cost; of the API as a whole they are free."""
    if not any(setting.get("MetricsEnabled") for setting in api.get("MethodSettings", [])):
        return 0
    paths = api["DefinitionBody"]["paths"].values()
    return _METRICS_OF_A_METHOD * sum(len(methods) for methods in paths)


def _paced_sources(function: dict[str, Any]) -> int:
    events = function.get("Events", {}).values()
    return sum("MaximumConcurrency" in event["Properties"].get("ScalingConfig", {}) for event in events)


def transitions(definition: dict[str, Any], *, acknowledge: bool) -> int:
    """How many states a message enters that is delivered at the first try.

    "Step Functions counts a state transition each time a step of your workflow is executed":
    https://aws.amazon.com/step-functions/pricing/
    """
    entered, name = 0, definition["StartAt"]
    while name:
        entered += 1
        state = definition["States"][name]
        name = _chosen(state, acknowledge=acknowledge) if state["Type"] == "Choice" else state.get("Next")
    return entered


def _chosen(choice: dict[str, Any], *, acknowledge: bool) -> str:
    for rule in choice["Choices"]:
        if rule.get("BooleanEquals", acknowledge) is acknowledge:
            return str(rule["Next"])
    return str(choice["Default"])


def counter_names(package: Path) -> set[str]:
    """The names that the code's `count(…)` calls carry; a computed one stands as its source text."""
    names: set[str] = set()
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "count":
                names.update(_names(node.args[0]))
    return names


def _names(argument: ast.expr) -> list[str]:
    match argument:
        case ast.Constant(value=str(name)):
            return [name]
        case ast.IfExp(body=body, orelse=orelse):
            return [*_names(body), *_names(orelse)]
        case _:
            return [ast.unparse(argument)]
