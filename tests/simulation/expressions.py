"""DynamoDB's UpdateItem for the one expression that the state machine writes itself, against a record."""

import re
from typing import Any

from handlers.errors import ConditionFailedError
from schemas.record import MessageRecord, TimelineEvent


def _value(typed: dict[str, Any]) -> Any:
    [(kind, value)] = typed.items()
    match kind:
        case "S":
            return value
        case "N":
            return int(value)
        case "M":
            return {key: _value(one) for key, one in value.items()}
    raise NotImplementedError(kind)


def update(record: MessageRecord | None, call: dict[str, Any]) -> MessageRecord:
    """Return the record after the call. Raise ConditionFailedError, or NotImplementedError for what is new."""
    names = call.get("ExpressionAttributeNames", {})
    values = {key: _value(typed) for key, typed in call["ExpressionAttributeValues"].items()}
    if record is None or not all(
        _holds(term, record, names, values) for term in call["ConditionExpression"].split(" AND ")
    ):
        raise ConditionFailedError(record)
    sets = re.fullmatch(r"SET (.+)", call["UpdateExpression"])
    if sets is None:
        raise NotImplementedError(call["UpdateExpression"])
    changed: dict[str, Any] = {}
    for clause in sets[1].split(", "):
        target, value = clause.split(" = ")
        parts = [names.get(part, part) for part in target.split(".")]
        if parts[0] == "events":
            changed["events"] = record.events | {parts[1]: TimelineEvent.model_validate(values[value])}
        else:
            changed[parts[0]] = values[value]
    return MessageRecord.model_validate(record.model_dump() | changed)


def _holds(term: str, record: MessageRecord, names: dict[str, str], values: dict[str, Any]) -> bool:
    if term == "attribute_exists(pk)":
        return True
    chosen = re.fullmatch(r"(#?\w+) IN \(([^)]*)\)", term)
    if chosen:
        allowed = [values[one.strip()] for one in chosen[2].split(",")]
        return getattr(record, names.get(chosen[1], chosen[1])) in allowed
    equal = re.fullmatch(r"(#?\w+) = (:\w+)", term)
    if equal:
        return bool(getattr(record, names.get(equal[1], equal[1])) == values[equal[2]])
    raise NotImplementedError(term)
