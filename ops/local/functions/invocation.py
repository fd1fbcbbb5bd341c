"""The outcome of one invocation, and the errors that Lambda itself reports."""

import json
import signal
from dataclasses import dataclass

# "6 MB": https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
# The numbers are those in Lambda's own error messages: https://github.com/getmoto/moto/issues/3988
REQUEST_LIMIT = 6_291_456
RESPONSE_LIMIT = 6_291_556


@dataclass(frozen=True)
class Invocation:
    """JSON either way: what the handler returned, or errorType, errorMessage and, if any, stackTrace."""

    result: bytes | None
    error: bytes | None

    @property
    def error_type(self) -> str | None:
        if self.error is None:
            return None
        return str(json.loads(self.error)["errorType"])


def timed_out(request_id: str, seconds: float) -> Invocation:
    """See https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html#troubleshooting-timeouts."""
    message = f"RequestId: {request_id} Error: Task timed out after {seconds:.2f} seconds"
    return _failed("Sandbox.Timedout", message)


def exited(request_id: str, status: int) -> Invocation:
    return _failed("Runtime.ExitError", f"RequestId: {request_id} Error: {exit_reason(status)}")


def exit_reason(status: int) -> str:
    """Lambda's words for an exit status, or for minus the signal that ended the process.

    https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-invoke-with-errors
    """
    if status == 0:
        return "Runtime exited without providing a reason"
    if status > 0:
        return f"Runtime exited with error: exit status {status}"
    return f"Runtime exited with error: signal: {signal.strsignal(-status)}".lower().capitalize()


def response_too_large() -> Invocation:
    message = f"Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
    return _failed("Function.ResponseSizeTooLarge", message)


def _failed(error_type: str, message: str) -> Invocation:
    error = {"errorType": error_type, "errorMessage": message}
    return Invocation(result=None, error=json.dumps(error).encode())
