"""Lambda: without containers moto echoes the payload, even for a function that does not exist.

Invoke, over HTTP and from a state machine's lambda:invoke task, calls what `register` was given instead.
"""

import json
from collections.abc import Mapping
from typing import Any, Protocol

from botocore.exceptions import ClientError
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.exceptions import JsonRESTError, ServiceException
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils


class Invoker(Protocol):
    """Runs one invocation; raises moto's own errors, as its Lambda backend does.

    Answers what the handler returned, or with `response_headers["x-amz-function-error"]` set the JSON of
    the error, whose errorType is the name an ASL Catch or Retry sees.
    """

    def __call__(
        self,
        function_name: str,
        qualifier: str | None,
        body: str | bytes | None,
        headers: Mapping[str, str],
        response_headers: dict[str, str],
    ) -> bytes: ...


_registered: list[Invoker] = []


def apply() -> None:
    LambdaSimpleBackend.invoke = _invoke
    lambda_eval_utils._invoke_lambda_function = _invoke_from_task  # noqa: SLF001 - the seam itself


def register(invoker: Invoker) -> None:
    """Make `invoker` answer from now on, in place of any registered before."""
    _registered[:] = [invoker]


def _registered_invoker() -> Invoker:
    if not _registered:
        raise ServiceException("ServiceException", "No function runs in this local cloud.")
    return _registered[0]


def _invoke(
    _backend: LambdaSimpleBackend,
    function_name: str,
    qualifier: str | None,
    body: str | bytes | None,
    headers: Mapping[str, str],
    response_headers: dict[str, str],
) -> bytes:
    return _registered_invoker()(function_name, qualifier, body, headers, response_headers)


def _invoke_from_task(parameters: dict[str, Any], **_where: Any) -> dict[str, Any]:
    """The InvocationResponse that the lambda:invoke task puts into the state's output."""
    response_headers: dict[str, str] = {}
    payload = parameters.get("Payload") or b"{}"
    try:
        answer = _registered_invoker()(
            parameters["FunctionName"], parameters.get("Qualifier"), payload, {}, response_headers
        )
    except (JsonRESTError, ServiceException) as error:
        raise _as_client_error(error) from error
    response = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": json.loads(answer or b"null")}
    if "x-amz-function-error" in response_headers:
        response["FunctionError"] = response_headers["x-amz-function-error"]
    return response


def _as_client_error(error: Any) -> ClientError:
    """A ClientError, whose code moto's interpreter makes an ASL error name: "Lambda." + code."""
    code = getattr(error, "error_type", None) or error.code
    metadata = {"HTTPStatusCode": error.code if isinstance(error.code, int) else 400, "RequestId": "local"}
    response: Any = {"Error": {"Code": code, "Message": error.message}, "ResponseMetadata": metadata}
    return ClientError(response, "Invoke")
