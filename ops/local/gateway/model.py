"""Request models: JSON Schema draft-04, compiled from the OpenAPI body."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft4Validator

from ops.local.gateway.mapping import UnsupportedDefinitionError

_PREFIX = "#/components/schemas/"


def compile_model(schema: Mapping[str, Any], definition: Mapping[str, Any]) -> Draft4Validator:
    """A validator with all `$ref` resolved. Raises UnsupportedDefinitionError, jsonschema.SchemaError."""
    resolved = _resolve(schema, definition.get("components", {}).get("schemas", {}), ())
    Draft4Validator.check_schema(resolved)
    return Draft4Validator(resolved)


def accepts(model: Draft4Validator, document: Any) -> bool:
    """Whether the document satisfies the model; stops at the first violation."""
    try:
        return model.is_valid(document)
    except RecursionError:
        # jsonschema puts the offending value into its message.
        return False


def _resolve(schema: Any, schemas: Mapping[str, Any], seen: tuple[str, ...]) -> Any:
    if isinstance(schema, list):
        return [_resolve(item, schemas, seen) for item in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.removeprefix(_PREFIX)
        if name not in schemas or name in seen:
            raise UnsupportedDefinitionError(f"the model reference {reference}")
        return _resolve(schemas[name], schemas, (*seen, name))
    # jsonschema checks keywords in this order, and a pattern over the 10 MB that maxLength would refuse
    # takes seconds and gigabytes.
    keywords = sorted(schema, key=lambda keyword: keyword == "pattern")
    return {keyword: _resolve(schema[keyword], schemas, seen) for keyword in keywords}
