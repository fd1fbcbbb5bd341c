"""Request models: JSON Schema draft-04, compiled from the OpenAPI body."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft4Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from ops.local.gateway.mapping import UnsupportedDefinitionError

_PREFIX = "#/components/schemas/"


def _properties(
    validator: Validator, properties: Mapping[str, Any], instance: Any, _schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Do what jsonschema does, but without a new validator for every property: all `$ref` are resolved."""
    if not isinstance(instance, dict):
        return
    for name in properties.keys() & instance.keys():
        for keyword, value in properties[name].items():
            check = validator.VALIDATORS.get(keyword)
            if check is not None:
                yield from check(validator, value, instance[name], properties[name]) or ()


_Model: type[Validator] = extend(  # type: ignore[no-untyped-call]
    Draft4Validator, {"properties": _properties}
)


def compile_model(schema: Mapping[str, Any], definition: Mapping[str, Any]) -> Validator:
    """A validator with all `$ref` resolved. Raises UnsupportedDefinitionError, jsonschema.SchemaError."""
    resolved = _resolve(schema, definition.get("components", {}).get("schemas", {}), ())
    Draft4Validator.check_schema(resolved)
    return _Model(resolved)


def accepts(model: Validator, document: Any) -> bool:
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
