"""The calls that every message makes, answered from moto's backends without moto's HTTP layer."""

import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from moto.core.exceptions import JsonRESTError, ServiceException
from moto.sqs.models import sqs_backends
from moto.sqs.utils import validate_message_attributes
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from ops.local import cloud
from ops.local.dynamodb import calls, query
from ops.local.dynamodb.tokens import UnsupportedError

_Call = Mapping[str, Any]
Answer = tuple[int, dict[str, str], bytes]
_Handler = Callable[[bytes], Answer | None]


def knows(service: str, operation: str) -> bool:
    return (service, operation) in _handlers


def register(service: str, operation: str, handler: _Handler) -> None:
    """Let `handler` answer, or decline with None; an operation of a REST API is "POST /its/path"."""
    _handlers[service, operation] = handler


def answer(service: str, operation: str, body: bytes) -> Answer | None:
    """(status, headers, body), or None for a call that moto answers: the unusual, and all that fail."""
    handler = _handlers.get((service, operation))
    return handler(body) if handler else None


def _json_protocol(handler: Callable[[_Call], tuple[int, Any]]) -> _Handler:
    def handled(body: bytes) -> Answer | None:
        try:
            status, result = handler(json.loads(body))
        # A malformed call meets one of these before anything has changed; what it is told is for moto to say.
        except (*_DECLINED, KeyError, TypeError, ValueError, AttributeError):
            return None
        headers = {"content-type": "application/x-amz-json-1.0", "x-amzn-requestid": str(uuid.uuid4())}
        return status, headers, json.dumps(result).encode()

    return handled


def _send_message(call: _Call) -> tuple[int, Any]:
    _only(call, {"QueueUrl", "MessageBody", "MessageAttributes", "DelaySeconds"})
    attributes = call.get("MessageAttributes", {})
    if any("StringValue" not in attribute for attribute in attributes.values()):
        raise UnsupportedError("a binary attribute")
    validate_message_attributes(attributes)
    message = _queues().send_message(
        _queue_name(call), call["MessageBody"], attributes, call.get("DelaySeconds")
    )
    answer = {"MessageId": message.id, "MD5OfMessageBody": message.body_md5}
    if attributes:
        answer["MD5OfMessageAttributes"] = message.attribute_md5
    return 200, answer


def send_by_form(path: str, body: bytes) -> Answer | None:
    """SendMessage in SQS's query protocol, as API Gateway speaks it; None for more than a body and text attributes."""
    form = dict(parse_qsl(body.decode(), keep_blank_values=True))
    if form.pop("Action", "") != "SendMessage" or "MessageBody" not in form:
        return None
    text = form.pop("MessageBody")
    attributes: dict[str, dict[str, str]] = {}
    while name := form.pop(f"MessageAttribute.{len(attributes) + 1}.Name", ""):
        value = f"MessageAttribute.{len(attributes) + 1}.Value"
        kind, content = form.pop(f"{value}.DataType", ""), form.pop(f"{value}.StringValue", "")
        if kind != "String" or not content or name in attributes:
            return None
        attributes[name] = {"DataType": kind, "StringValue": content}
    if form:
        return None
    try:
        message = _queues().send_message(path.rpartition("/")[2], text, attributes, None)
    except _DECLINED:
        return None
    xml = _SENT.format(id=message.id, md5=message.body_md5, request=uuid.uuid4())
    return 200, {"content-type": "text/xml"}, xml.encode()


# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#API_SendMessage_Examples
_SENT = (
    "<SendMessageResponse><SendMessageResult><MessageId>{id}</MessageId>"
    "<MD5OfMessageBody>{md5}</MD5OfMessageBody></SendMessageResult>"
    "<ResponseMetadata><RequestId>{request}</RequestId></ResponseMetadata></SendMessageResponse>"
)


def _delete_message(call: _Call) -> tuple[int, Any]:
    _only(call, {"QueueUrl", "ReceiptHandle"})
    _queues().delete_message(_queue_name(call), call["ReceiptHandle"])
    return 200, {}


def _start_execution(call: _Call) -> tuple[int, Any]:
    _only(call, {"stateMachineArn", "name", "input"})
    backend = stepfunctions_parser_backends[cloud.ACCOUNT][cloud.REGION]
    execution = backend.start_execution(call["stateMachineArn"], call.get("name"), call.get("input"))
    return 200, {"executionArn": execution.execution_arn, "startDate": execution.start_date.timestamp()}


def _queues() -> Any:
    return sqs_backends[cloud.ACCOUNT][cloud.REGION]


def _queue_name(call: _Call) -> str:
    name: str = call["QueueUrl"].rpartition("/")[2]
    return name


def _only(call: _Call, known: set[str]) -> None:
    if not call.keys() <= known:
        raise UnsupportedError(", ".join(call.keys() - known))


_DECLINED = (UnsupportedError, ServiceException, JsonRESTError)
_handlers: dict[tuple[str, str], _Handler] = {
    ("dynamodb", "GetItem"): _json_protocol(calls.get_item),
    ("dynamodb", "PutItem"): _json_protocol(calls.put_item),
    ("dynamodb", "UpdateItem"): _json_protocol(calls.update_item),
    ("dynamodb", "Query"): _json_protocol(query.query),
    ("dynamodb", "BatchGetItem"): _json_protocol(query.batch_get_item),
    ("sqs", "SendMessage"): _json_protocol(_send_message),
    ("sqs", "DeleteMessage"): _json_protocol(_delete_message),
    ("states", "StartExecution"): _json_protocol(_start_execution),
}
