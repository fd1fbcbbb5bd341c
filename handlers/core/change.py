"""One conditional write to a message's record, as a value: what it sets, and when it may happen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.record import Status, TimelineEvent


@dataclass(frozen=True)
class Change:
    """An UpdateItem to be. It happens whole or, if any condition fails, not at all."""

    message_id: str
    #: the statuses in which the change may happen; the condition that every safety promise rests on
    allowed: Iterable[Status]
    sets: Mapping[str, Any] = field(default_factory=dict)
    increments: Mapping[str, int] = field(default_factory=dict)
    removes: Iterable[str] = ()
    #: attributes that must have this very value
    equals: Mapping[str, Any] = field(default_factory=dict)
    #: attributes that must have this value or be absent
    equals_if_present: Mapping[str, Any] = field(default_factory=dict)
    #: (key, entry): added to the timeline; a key already there fails the whole change
    event: tuple[str, TimelineEvent] | None = None


@dataclass(frozen=True)
class Expression:
    """A change in DynamoDB's words; `values` are plain Python values."""

    update: str
    condition: str
    names: dict[str, str]
    values: dict[str, Any]


def expression(change: Change) -> Expression:
    """Every name goes through a placeholder: half of them are DynamoDB's reserved words."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}

    def name(attribute: str) -> str:
        return names.setdefault("#" + attribute, attribute) and "#" + attribute

    def value(attribute: str, content: Any, role: str) -> str:
        values[f":{role}_{attribute}"] = content
        return f":{role}_{attribute}"

    sets = [f"{name(key)} = {value(key, content, 'set')}" for key, content in change.sets.items()]
    conditions = ["attribute_exists(pk)"]
    if change.event:
        key, entry = change.event
        names |= {"#events": "events", "#event": key}
        sets.append(f"#events.#event = {value('event', entry.model_dump(exclude_defaults=True), 'set')}")
        conditions.append("attribute_not_exists(#events.#event)")
    statuses = [value(status, status.value, "in") for status in change.allowed]
    conditions.append(f"{name('status')} IN ({', '.join(statuses)})")
    conditions += [f"{name(k)} = {value(k, v, 'is')}" for k, v in change.equals.items()]
    conditions += [
        f"(attribute_not_exists({name(k)}) OR {name(k)} = {value(k, v, 'is')})"
        for k, v in change.equals_if_present.items()
    ]
    clauses = ["SET " + ", ".join(sets)]
    if change.increments:
        steps = [f"{name(k)} {value(k, v, 'add')}" for k, v in change.increments.items()]
        clauses.append("ADD " + ", ".join(steps))
    if change.removes:
        clauses.append("REMOVE " + ", ".join(name(key) for key in change.removes))
    return Expression(" ".join(clauses), " AND ".join(conditions), names, values)
