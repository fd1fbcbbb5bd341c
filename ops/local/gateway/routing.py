"""Finds the method for a path."""

from collections.abc import Sequence
from urllib.parse import unquote

from ops.local.gateway.definition import Method


def find_method(
    methods: Sequence[Method], stage: str, http_method: str, raw_path: str
) -> tuple[Method, dict[str, str]] | None:
    """The method and its path parameters; a slash at the end is ignored, a doubled one is not."""
    root, *segments = raw_path.split("/")
    if len(segments) > 1 and not segments[-1]:
        segments.pop()
    if root or segments[:1] != [stage]:
        return None
    for method in methods:
        if method.http_method == http_method:
            parameters = _match(method.segments, segments[1:])
            if parameters is not None:
                return method, parameters
    return None


def _match(pattern: Sequence[str], segments: Sequence[str]) -> dict[str, str] | None:
    """Decodes after splitting, so that %2F stays inside its parameter."""
    if len(pattern) != len(segments):
        return None
    parameters = {}
    for expected, segment in zip(pattern, segments, strict=True):
        if expected.startswith("{") and segment:
            parameters[expected[1:-1]] = unquote(segment)
        elif expected != segment:
            return None
    return parameters
