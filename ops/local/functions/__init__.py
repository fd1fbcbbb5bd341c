"""The local Lambda service: execution environments that run AWS's own runtime client."""

from ops.local.functions.configuration import Configuration
from ops.local.functions.function import Function, RequestTooLargeError, TooManyRequestsError
from ops.local.functions.invocation import Invocation

__all__ = ["Configuration", "Function", "Invocation", "RequestTooLargeError", "TooManyRequestsError"]
