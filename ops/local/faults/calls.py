"""Faults of the calls that functions and gateway make: an answer gets lost, or the caller dies at that moment.

A kill names the point in the protocol at which it happens: the call has its effect or not, and the process
that made it is gone before any answer.
"""

import json
from dataclasses import dataclass

from ops.local.api_calls import Request, Response
from ops.local.endpoint import Fault

SEND_EMAIL = "POST /v2/email/outbound-emails"
#: what has no User-Agent: API Gateway
GATEWAY = "gateway"
# Longer than the functions' SDK waits for an answer.
_STALL = 20.0


@dataclass(frozen=True)
class CallFault:
    """`caller`: a module of handlers or GATEWAY, "" for any module; `mark`: what the body must hold."""

    caller: str
    operations: frozenset[str]
    mark: bytes
    happens: Fault
    kills: bool

    def meets(self, caller: str, request: Request) -> bool:
        mine = caller == self.caller if self.caller else caller != GATEWAY
        return mine and request.operation in self.operations and self.mark in request.body


def _killed(caller: str, operation: str, mark: bytes = b"", *, takes_effect: bool) -> CallFault:
    lost = Fault(takes_effect=takes_effect, delay=0.0, response=None)
    return CallFault(caller, frozenset({operation}), mark, lost, kills=True)


def _refused(caller: str, operations: set[str], response: Response) -> CallFault:
    return CallFault(caller, frozenset(operations), b"", Fault(False, 0.0, response), kills=False)  # noqa: FBT003 - no effect


def _answer_lost(caller: str, operations: set[str], delay: float = 0.0) -> CallFault:
    lost = Fault(takes_effect=True, delay=delay, response=None)
    return CallFault(caller, frozenset(operations), b"", lost, kills=False)


def _json_error(code: str) -> Response:
    body = json.dumps({"__type": code, "message": "Rate exceeded"}).encode()
    return Response(400, {"content-type": "application/x-amz-json-1.0"}, body)


def _ses_error(status: int, code: str) -> Response:
    headers = {"content-type": "application/json", "x-amzn-errortype": code}
    return Response(status, headers, b'{"message":"injected"}')


_TABLE = {"GetItem", "PutItem", "UpdateItem", "Query"}
_FAILED_YET_ACCEPTED = Fault(takes_effect=True, delay=0.0, response=_ses_error(500, "InternalFailure"))
_CUT_OFF = Fault(takes_effect=False, delay=0.0, response=None)

CALL_FAULTS = {
    "starter killed before its put": _killed("start_delivery", "PutItem", takes_effect=False),
    "starter killed after its put": _killed("start_delivery", "PutItem", takes_effect=True),
    "starter killed before StartExecution": _killed("start_delivery", "StartExecution", takes_effect=False),
    "starter killed after StartExecution": _killed("start_delivery", "StartExecution", takes_effect=True),
    "sender killed before its claim": _killed("send_email", "UpdateItem", b":set_claim", takes_effect=False),
    "sender killed after its claim": _killed("send_email", "UpdateItem", b":set_claim", takes_effect=True),
    "sender killed before SES accepted": _killed("send_email", SEND_EMAIL, takes_effect=False),
    "sender killed after SES accepted": _killed("send_email", SEND_EMAIL, takes_effect=True),
    "sender killed after writing the outcome": _killed(
        "send_email", "UpdateItem", b"accepted_by_ses", takes_effect=True
    ),
    "feedback killed before its write": _killed("process_feedback", "UpdateItem", takes_effect=False),
    "feedback killed after its write": _killed("process_feedback", "UpdateItem", takes_effect=True),
    "SES answers 429": _refused("send_email", {SEND_EMAIL}, _ses_error(429, "TooManyRequestsException")),
    "SES answers 503": _refused("send_email", {SEND_EMAIL}, _ses_error(503, "ServiceUnavailable")),
    "SES accepts, answers 500": CallFault(
        "send_email", frozenset({SEND_EMAIL}), b"", _FAILED_YET_ACCEPTED, kills=False
    ),
    "SES accepts, stalls": _answer_lost("send_email", {SEND_EMAIL}, _STALL),
    "SES accepts, resets": _answer_lost("send_email", {SEND_EMAIL}),
    "DynamoDB throttles": _refused("", _TABLE, _json_error("ProvisionedThroughputExceededException")),
    "DynamoDB loses its answer": _answer_lost("", _TABLE),
    "StartExecution throttles": _refused("", {"StartExecution"}, _json_error("ThrottlingException")),
    "StartExecution loses its answer": _answer_lost("", {"StartExecution"}),
    "SQS loses the answer to a review item": _answer_lost("", {"SendMessage"}),
    "gateway loses SQS's answer": _answer_lost(GATEWAY, {"SendMessage"}),
    "gateway cut off": CallFault(GATEWAY, frozenset({"SendMessage", "GetItem"}), b"", _CUT_OFF, kills=False),
}
