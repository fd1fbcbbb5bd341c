"""`contactflow up --faults`: what can go wrong goes wrong as often as `POST {aws}/_faults` says.

The body: {"seed": 7, "faults": {"DynamoDB throttles": {"rate": 0.05, "limit": 20}}}, both parts optional.
The answer, which a GET gets as well: how often each fault has been injected, and the URLs
that functions and gateway called.
Without that call nothing is injected.
"""

import json
import os
import signal
from collections.abc import Collection, Mapping
from typing import Any

from ops.local.api_calls import Request, Response
from ops.local.callers import function_of, is_gateway
from ops.local.endpoint import Before, Endpoint, Fault
from ops.local.faults import queues, tasks
from ops.local.faults.calls import CALL_FAULTS, GATEWAY
from ops.local.faults.plan import Odds, Plan
from ops.local.functions.function import Function

PATH = "/_faults"
NAMES = frozenset({*CALL_FAULTS, *queues.QUEUE_FAULTS, *tasks.TASK_FAULTS})


def install(endpoint: Endpoint, functions: Collection[Function], queue_urls: list[str]) -> None:
    """Before the functions start."""
    plan = Plan()
    urls: set[str] = set()
    queues.install(plan, queue_urls)
    tasks.install(plan)
    endpoint.before += [_control(plan, urls), _meeting(plan, urls, functions)]


def _control(plan: Plan, urls: Collection[str]) -> Before:
    def control(request: Request) -> Fault | None:
        if request.path != PATH:
            return None
        try:
            if request.body:
                _change(plan, json.loads(request.body))
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            return _answer(400, {"error": repr(problem)})
        return _answer(200, {"injected": plan.injected(), "urls": sorted(urls)})

    return control


def _change(plan: Plan, order: Mapping[str, Any]) -> None:
    if "seed" in order:
        plan.seed(int(order["seed"]))
    odds = {name: Odds(float(of["rate"]), of["limit"]) for name, of in order.get("faults", {}).items()}
    if unknown := odds.keys() - NAMES:
        raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
    plan.set(odds)


def _answer(status: int, document: object) -> Fault:
    headers = {"content-type": "application/json"}
    return Fault(
        takes_effect=False, delay=0.0, response=Response(status, headers, json.dumps(document).encode())
    )


def _meeting(plan: Plan, urls: set[str], functions: Collection[Function]) -> Before:
    def meet(request: Request) -> Fault | None:
        caller, pid = _caller(request, functions)
        if not caller:
            return None
        urls.add(f"{request.path}?{request.query}")
        for name, fault in CALL_FAULTS.items():
            if fault.meets(caller, request) and plan.strikes(name):
                if fault.kills:
                    os.kill(pid, signal.SIGKILL)
                return fault.happens
        return None

    return meet


def _caller(request: Request, functions: Collection[Function]) -> tuple[str, int]:
    """(module of handlers, pid) or (GATEWAY, 0); "" for everybody else."""
    if is_gateway(request):
        return GATEWAY, 0
    # A kill must never meet a process that is not one of ours.
    found = function_of(request, functions)
    return (found[0].configuration.handler.split(".")[-2], found[1]) if found else ("", 0)
