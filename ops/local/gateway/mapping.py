"""Parameter mapping expressions: `'static'`, `method.request.header.X`, `integration.response.header.X`, ….

https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

# Where a value may come from, as the keys of the `sources` that Mapped.value reads.
SOURCES = (
    "method.request.path",
    "method.request.querystring",
    "method.request.header",
    "integration.response.header",
    "stageVariables",
    "context",
)


class UnsupportedDefinitionError(ValueError):
    """The API uses something that this gateway does not emulate, so serving it would mislead."""


class Mapped(NamedTuple):
    """Sets `target`, to `name` itself where source is empty, else to what the source has under `name`."""

    target: str
    source: str
    name: str

    def value(self, sources: Mapping[str, Mapping[str, Any]]) -> str | None:
        if not self.source:
            return self.name
        found: Any = sources[self.source]
        for step in self._steps():
            found = found.get(step) if isinstance(found, Mapping) else None
        return None if found is None else str(found)

    def _steps(self) -> list[str]:
        if self.source == "context":
            return self.name.split(".")
        return [self.name.lower() if self.source.endswith("header") else self.name]


def compile_mappings(parameters: Mapping[str, str] | None, prefix: str) -> tuple[Mapped, ...]:
    """Read `{"<prefix>X": expression}`. Raises UnsupportedDefinitionError for any other target or source."""
    return tuple(_compile(target, expression, prefix) for target, expression in (parameters or {}).items())


def _compile(target: str, expression: str, prefix: str) -> Mapped:
    if not target.startswith(prefix):
        raise UnsupportedDefinitionError(f"a parameter mapping to {target}")
    name = target.removeprefix(prefix)
    if len(expression) > 1 and expression[0] == expression[-1] == "'":
        return Mapped(name, "", expression[1:-1])
    for source in SOURCES:
        if expression.startswith(source + "."):
            return Mapped(name, source, expression.removeprefix(source + "."))
    raise UnsupportedDefinitionError(f"the parameter mapping expression {expression}")


def apply(mappings: tuple[Mapped, ...], sources: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Target → value, without the targets whose source has no value."""
    values = ((mapped.target, mapped.value(sources)) for mapped in mappings)
    return {target: value for target, value in values if value is not None}
