"""The Lambda service of one stack: what moto knows of its functions and mappings, and who runs them."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException

from ops.local.event_source import EventSourceMapping
from ops.local.functions.backlog import Backlog
from ops.local.functions.configuration import Configuration
from ops.local.functions.function import Function, RequestTooLargeError, TooManyRequestsError
from ops.local.functions.moto_queue import MotoQueue

# Pollers of a mapping that sets no MaximumConcurrency, while it has not scaled:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
_POLLERS = 5
# A local function has few environments where AWS would start hundreds, so that Invoke queues for one,
# until the SDK would have given up reading the response:
# https://docs.aws.amazon.com/botocore/latest/reference/config.html
_INVOKE_WAIT = 60.0


class Service:
    """Functions by name, and the mappings that feed them."""

    def __init__(
        self,
        functions: Iterable[Function],
        mappings: Iterable[EventSourceMapping],
        logs: Iterable[BinaryIO],
        backlog: Backlog,
    ) -> None:
        self.functions = {function.configuration.name: function for function in functions}
        self._mappings = list(mappings)
        self._logs = list(logs)
        self._backlog = backlog

    def start(self) -> None:
        for mapping in self._mappings:
            mapping.start()

    def warm(self) -> None:
        """Return when every function has all its environments."""
        with ThreadPoolExecutor() as pool:
            list(pool.map(Function.warm, self.functions.values()))

    def stop(self) -> None:
        """End the functions before the pollers, which then wait for no invocation."""
        for mapping in self._mappings:
            mapping.begin_stop()
        self._backlog.end()
        for function in self.functions.values():
            function.stop()
        for mapping in self._mappings:
            mapping.stop()
        for log in self._logs:
            log.close()

    def init_errors(self) -> dict[str, str]:
        """Function name → why its code could not be loaded, as `errorType: errorMessage`."""
        failed = {name: function.init_error for name, function in self.functions.items()}
        return {name: error for name, error in failed.items() if error is not None}

    def invoke(
        self,
        function_name: str,
        qualifier: str | None,  # noqa: ARG002 - a local function has one version
        body: str | bytes | None,
        headers: Mapping[str, str],  # noqa: ARG002 - every invocation is synchronous
        response_headers: dict[str, str],
    ) -> bytes:
        """An `Invoker` for ops.local.patches.invoke: moto's signature, and moto's errors."""
        payload = body.encode() if isinstance(body, str) else body
        try:
            with self._backlog.joined():
                invocation = self._named(function_name).invoke(payload or b"{}", wait=_INVOKE_WAIT)
        except TooManyRequestsError as error:
            raise _client_error(429, "TooManyRequestsException", str(error)) from error
        except RequestTooLargeError as error:
            raise _client_error(413, "RequestTooLargeException", str(error)) from error
        if invocation.error is not None:
            response_headers["x-amz-function-error"] = "Unhandled"
            return invocation.error
        return invocation.result or b""

    def _named(self, name: str) -> Function:
        """By name, ARN or partial ARN, with or without a qualifier, as Invoke allows."""
        unqualified = name.rpartition("function:")[2].split(":")[0]
        if unqualified not in self.functions:
            raise UnknownFunctionException(name)
        return self.functions[unqualified]


def from_stack(
    *, code: Path, endpoint: str, logs: Path, concurrency: int, give_way: Callable[[], object]
) -> Service:
    """Everything moto lists, not started; `concurrency` environments each, one log file each in `logs`.

    Every poller calls `give_way` before it takes a batch, and waits while many invocations do.
    """
    backlog = Backlog()

    def ready() -> None:
        give_way()
        backlog.give_way()

    client = boto3.client("lambda")
    functions = {}
    files = []
    for listed in client.list_functions()["Functions"]:
        configuration = _configuration(listed, code, endpoint, concurrency)
        # Appended to, because every environment of the function writes to it.
        log = (logs / f"{configuration.name}.log").open("ab")
        files.append(log)
        functions[configuration.arn] = Function(configuration, log)
    mappings = [
        _mapping(listed, functions, ready)
        for listed in client.list_event_source_mappings()["EventSourceMappings"]
        if listed["State"] == "Enabled"
    ]
    return Service(functions.values(), mappings, files, backlog)


def _configuration(listed: Mapping[str, Any], code: Path, endpoint: str, concurrency: int) -> Configuration:
    return Configuration(
        name=listed["FunctionName"],
        arn=listed["FunctionArn"],
        runtime=listed["Runtime"],
        handler=listed["Handler"],
        code=code,
        # A parameter of type Number stays one in moto; an environment holds text.
        environment={
            name: str(value) for name, value in listed.get("Environment", {}).get("Variables", {}).items()
        },
        timeout=float(listed["Timeout"]),
        memory=int(listed["MemorySize"]),
        concurrency=concurrency,
        endpoint=endpoint,
    )


def _mapping(
    listed: Mapping[str, Any], functions: Mapping[str, Function], give_way: Callable[[], object]
) -> EventSourceMapping:
    return EventSourceMapping(
        queue=MotoQueue(listed["EventSourceArn"]),
        function=functions[listed["FunctionArn"]],
        batch_size=int(listed["BatchSize"]),
        maximum_concurrency=int(listed.get("ScalingConfig", {}).get("MaximumConcurrency", _POLLERS)),
        report_batch_item_failures="ReportBatchItemFailures" in listed.get("FunctionResponseTypes", []),
        batching_window=float(listed.get("MaximumBatchingWindowInSeconds", 0)),
        give_way=give_way,
    )


def _client_error(status: int, code: str, message: str) -> Any:
    error = LambdaClientError(code, message)
    error.code = status
    return error
