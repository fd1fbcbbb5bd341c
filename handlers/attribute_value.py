"""DynamoDB's typed JSON ↔ what pydantic reads and dumps.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
boto3 has the like; it would be the only thing of boto3 that we used beside botocore, which alone is imported faster.
"""

from collections.abc import Mapping
from typing import Any


def to_dynamodb(value: Any) -> dict[str, Any]:
    """Raise TypeError for what a record never holds: bytes, sets, fractions."""
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case dict():
            return {"M": {name: to_dynamodb(part) for name, part in value.items()}}
        case list():
            return {"L": [to_dynamodb(part) for part in value]}
    raise TypeError(f"no attribute value: {type(value).__name__}")


def from_dynamodb(value: Mapping[str, Any]) -> Any:
    """A number with a fraction stays text: no field of ours takes one, and a float would round it."""
    [(kind, content)] = value.items()
    match kind:
        case "S" | "BOOL":
            return content
        case "N":
            return int(content) if content.lstrip("-").isdecimal() else content
        case "M":
            return {name: from_dynamodb(part) for name, part in content.items()}
        case "L":
            return [from_dynamodb(part) for part in content]
        case "NULL":
            return None
    raise TypeError(f"no attribute value of ours: {kind}")
