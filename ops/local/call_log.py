"""`GET {aws}/_calls`: what functions and gateway have asked of AWS so far, each kind of call once.

[{"caller": "SweepFunction", "action": "dynamodb:Query", "resource": "MessagesTable/index/byStatus"}, …], names as in
template.yaml. No bodies, no addresses, no ids of messages.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from ops.local.api_calls import Request, Response
from ops.local.callers import function_of, is_gateway
from ops.local.endpoint import Fault
from ops.local.functions.function import Function

PATH = "/_calls"
#: The caller of an integration; API Gateway then acts in the role that the integration names.
GATEWAY = "ContactApi"
_SEND_EMAIL = "POST /v2/email/outbound-emails"
# What of a call names its resource: https://docs.aws.amazon.com/service-authorization/latest/reference/
_NAMED_BY = {"dynamodb": "TableName", "sqs": "QueueUrl", "states": "stateMachineArn"}


class CallLog:
    """Kinds of calls: (caller, IAM action, resource)."""

    def __init__(self, functions: Collection[Function], physical_ids: Mapping[str, str]) -> None:
        self._functions = functions
        self._logical = {_last(physical): logical for logical, physical in physical_ids.items()}
        self._seen: set[tuple[str, str, str]] = set()

    def watch(self, request: Request) -> Fault | None:
        """A hook of the endpoint; answers PATH and fails no other call."""
        if request.path == PATH:
            return self._answer()
        if caller := self._caller(request):
            self._seen.update((caller, action, self._named(name)) for action, name in _asked(request))
        return None

    def _caller(self, request: Request) -> str:
        if is_gateway(request):
            return GATEWAY
        found = function_of(request, self._functions)
        return self._logical[found[0].configuration.name] if found else ""

    def _named(self, name: str) -> str:
        resource, slash, index = name.partition("/")
        return self._logical.get(resource, resource) + slash + index

    def _answer(self) -> Fault:
        rows = [dict(zip(("caller", "action", "resource"), row, strict=True)) for row in sorted(self._seen)]
        headers = {"content-type": "application/json"}
        response = Response(HTTPStatus.OK, headers, json.dumps(rows).encode())
        return Fault(takes_effect=False, delay=0.0, response=response)


def _asked(request: Request) -> Iterator[tuple[str, str]]:
    """(action, name of the resource); a call of a kind that nothing here has made before names its operation."""
    service = request.service
    if request.operation == _SEND_EMAIL:
        mail = json.loads(request.body)
        yield "ses:SendEmail", mail["FromEmailAddress"].rpartition("@")[2]
        yield "ses:SendEmail", mail["ConfigurationSetName"]
    elif request.by_form:
        topic = parse_qs(request.body.decode()).get("TopicArn", [""])[0]
        yield f"{service}:{request.action}", _last(topic or request.path)
    elif service in _NAMED_BY:
        call: dict[str, Any] = json.loads(request.body)
        index = f"/index/{call['IndexName']}" if "IndexName" in call else ""
        yield f"{service}:{request.action}", _last(call[_NAMED_BY[service]]) + index
    else:
        yield f"{service}:{request.operation}", ""


def _last(identifier: str) -> str:
    """The name in an ARN, in a queue's URL, or the name itself."""
    return identifier.rpartition("/")[2].rpartition(":")[2]
