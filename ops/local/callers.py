"""Who makes a call of the local AWS endpoint: the gateway, an environment of a function, or anybody else."""

import re
from collections.abc import Iterable

from ops.local.api_calls import Request
from ops.local.functions.function import Function

# The SDK's application id, which ops/local/functions/bootstrap.py sets to the pid.
_PID = re.compile(r"\bapp/(\d+)")


def is_gateway(request: Request) -> bool:
    """API Gateway says no User-Agent; every SDK and CLI does."""
    return not request.headers.get("user-agent")


def function_of(request: Request, functions: Iterable[Function]) -> tuple[Function, int] | None:
    """The function and the pid of its environment; a pid that is none of ours is nobody's."""
    found = _PID.search(request.headers.get("user-agent", ""))
    if not found:
        return None
    pid = int(found[1])
    return next(((function, pid) for function in functions if pid in function.pids()), None)
