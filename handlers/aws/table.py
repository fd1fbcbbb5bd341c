"""MessagesTable: records, markers and counters."""

from typing import Any, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from handlers.aws.clients import dynamodb
from handlers.core.change import Change, expression
from handlers.core.sweeping import Stuck
from handlers.errors import ConditionFailedError, RecordUnavailableError
from schemas.record import MessageRecord, Status, record_key

to_dynamodb = TypeSerializer().serialize
from_dynamodb = TypeDeserializer().deserialize


def _record(item: dict[str, Any]) -> MessageRecord:
    return MessageRecord.model_validate({key: from_dynamodb(value) for key, value in item.items()})


def _refused(error: ClientError) -> ConditionFailedError | None:
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        return None
    item = cast("dict[str, Any]", error.response).get("Item")
    return ConditionFailedError(_record(item) if item else None)


def put_record(table: str, record: MessageRecord) -> None:
    """Raise ConditionFailedError with the record already there, or RecordUnavailableError."""
    # An empty text is left out: conditions ask whether an attribute exists.
    fields = {key: value for key, value in record.model_dump(mode="json").items() if value != ""}
    item = {key: to_dynamodb(value) for key, value in fields.items()}
    try:
        dynamodb().put_item(
            TableName=table,
            Item=record_key(record.messageId) | item,
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        raise (_refused(error) or RecordUnavailableError(error.response["Error"]["Code"])) from None
    except BotoCoreError as error:
        raise RecordUnavailableError(type(error).__name__) from None


def change_record(table: str, change: Change) -> MessageRecord:
    """Return the record after the change; raise as put_record does."""
    words = expression(change)
    try:
        answer = dynamodb().update_item(
            TableName=table,
            Key=record_key(change.message_id),
            UpdateExpression=words.update,
            ConditionExpression=words.condition,
            ExpressionAttributeNames=words.names,
            ExpressionAttributeValues={key: to_dynamodb(value) for key, value in words.values.items()},
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        raise (_refused(error) or RecordUnavailableError(error.response["Error"]["Code"])) from None
    except BotoCoreError as error:
        raise RecordUnavailableError(type(error).__name__) from None
    return _record(answer["Attributes"])


def get_record(table: str, message_id: str) -> MessageRecord | None:
    """Strongly consistent."""
    answer = dynamodb().get_item(TableName=table, Key=record_key(message_id), ConsistentRead=True)
    return _record(answer["Item"]) if "Item" in answer else None


def unchanged_since(table: str, status: Status, before: str) -> list[Stuck]:
    """The oldest records of a status that nothing has changed since `before`; one page of the index, at most."""
    answer = dynamodb().query(
        TableName=table,
        IndexName="byStatus",
        KeyConditionExpression="#status = :status AND #updatedAt < :before",
        ExpressionAttributeNames={"#status": "status", "#updatedAt": "updatedAt"},
        ExpressionAttributeValues={":status": {"S": status}, ":before": {"S": before}},
    )
    return [Stuck(item["messageId"]["S"], status, item["updatedAt"]["S"]) for item in answer["Items"]]


def put_marker(table: str, key: str, expires_at: int) -> bool:
    """Put an item that stands for "this was done"; False if it is there already."""
    item: dict[str, Any] = {"pk": {"S": key}, "sk": {"S": "MARKER"}, "expiresAt": {"N": str(expires_at)}}
    try:
        dynamodb().put_item(TableName=table, Item=item, ConditionExpression="attribute_not_exists(pk)")
    except ClientError as error:
        if _refused(error):
            return False
        raise RecordUnavailableError(error.response["Error"]["Code"]) from None
    return True


def has_marker(table: str, key: str) -> bool:
    answer = dynamodb().get_item(TableName=table, Key={"pk": {"S": key}, "sk": {"S": "MARKER"}})
    return "Item" in answer


def count_up(table: str, key: str, limit: int, expires_at: int) -> bool:
    """Add one to a counter; False, and nothing added, if it stands at the limit. Raise RecordUnavailableError."""
    try:
        dynamodb().update_item(
            TableName=table,
            Key={"pk": {"S": key}, "sk": {"S": "COUNTER"}},
            UpdateExpression="SET expiresAt = :expiresAt ADD #counted :one",
            ConditionExpression="attribute_not_exists(#counted) OR #counted < :limit",
            ExpressionAttributeNames={"#counted": "counted"},
            ExpressionAttributeValues={
                ":expiresAt": {"N": str(expires_at)},
                ":one": {"N": "1"},
                ":limit": {"N": str(limit)},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise RecordUnavailableError(error.response["Error"]["Code"]) from None
    except BotoCoreError as error:
        raise RecordUnavailableError(type(error).__name__) from None
    return True
