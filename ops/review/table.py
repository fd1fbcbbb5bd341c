"""MessagesTable as the operator's tools read and write it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import ClientError

from handlers.core.change import Change, expression
from handlers.errors import ConditionFailedError
from ops.review import audit
from ops.review.audit import Row, State
from schemas.record import MessageRecord, Status, record_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_to_dynamodb = TypeSerializer().serialize
_from_dynamodb = TypeDeserializer().deserialize
# https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
_BATCH = 100


@dataclass(frozen=True)
class Entry:
    """A message as the index shows it: soon after a change, and without what the visitor sent."""

    message_id: str
    status: Status
    accepted_at: str
    updated_at: str
    settled_at: str
    reason: str
    #: seconds since the epoch
    expires_at: int


class Table:
    """One table, over one client. Writes raise ConditionFailedError, everything raises ClientError."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self._client = client
        self._name = name

    def records(self, status: Status) -> list[MessageRecord]:
        """All of a status, the least recently changed first; what the index says is read again, for it lags."""
        keys = [{"pk": item["pk"], "sk": item["sk"]} for item in self._index(status, newest_first=False)]
        found = [_record(item) for item in self._read(keys)]
        held = [record for record in found if record.status is status]
        return sorted(held, key=lambda record: (record.updatedAt, record.messageId))

    def entries(self, status: Status, since: str) -> Iterator[Entry]:
        """Those of a status changed at `since` or later, the least recently changed first. "": all."""
        for item in self._index(status, newest_first=False, since=since):
            yield _entry(_plain(item))

    def read(self, message_ids: Iterable[str]) -> list[MessageRecord]:
        """Those that are there, in any order."""
        return [_record(item) for item in self._read([record_key(found) for found in message_ids])]

    def get(self, message_id: str) -> MessageRecord | None:
        answer = self._client.get_item(TableName=self._name, Key=record_key(message_id), ConsistentRead=True)
        return _record(answer["Item"]) if "Item" in answer else None

    def put(self, record: MessageRecord) -> None:
        fields = {key: value for key, value in record.model_dump(mode="json").items() if value != ""}
        item = {key: _to_dynamodb(value) for key, value in fields.items()}
        self._put(record_key(record.messageId) | item)

    def delete(self, message_id: str) -> None:
        self._client.delete_item(TableName=self._name, Key=record_key(message_id))

    def change(self, change: Change) -> MessageRecord:
        words = expression(change)
        try:
            answer = self._client.update_item(
                TableName=self._name,
                Key=record_key(change.message_id),
                UpdateExpression=words.update,
                ConditionExpression=words.condition,
                ExpressionAttributeNames=words.names,
                ExpressionAttributeValues={key: _to_dynamodb(value) for key, value in words.values.items()},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            raise _refused(error) from None
        return _record(answer["Attributes"])

    def put_audit(self, row: Row) -> Row | None:
        """The row that was there already, if one was."""
        item = {key: _to_dynamodb(value) for key, value in row.model_dump(mode="json").items()}
        indexed = {"status": {"S": audit.index_status(row.state)}, "updatedAt": {"S": row.at}}
        try:
            self._put(audit.key(row.actionId) | item | indexed)
        except ConditionFailedError:
            return self.audit_row(row.actionId)
        return None

    def audit_row(self, action_id: str) -> Row | None:
        answer = self._client.get_item(TableName=self._name, Key=audit.key(action_id), ConsistentRead=True)
        return _row(answer["Item"]) if "Item" in answer else None

    def complete_audit(self, action_id: str, state: State, at: str) -> None:
        try:
            self._client.update_item(
                TableName=self._name,
                Key=audit.key(action_id),
                UpdateExpression="SET #state = :state, #status = :status, completedAt = :at REMOVE #subject",
                ConditionExpression="#state = :intended",
                ExpressionAttributeNames={"#state": "state", "#status": "status", "#subject": "subject"},
                ExpressionAttributeValues={
                    ":state": {"S": state},
                    ":status": {"S": audit.index_status(state)},
                    ":at": {"S": at},
                    ":intended": {"S": State.INTENDED},
                },
            )
        except ClientError as error:
            if not _is_refusal(error):
                raise

    def audit_rows(self, *states: State, newest: int | None = None) -> Iterator[Row]:
        """The newest first within each state; of each no more than `newest`."""
        for state in states:
            items = islice(self._index(audit.index_status(state), newest_first=True), newest)
            keys = [{"pk": item["pk"], "sk": item["sk"]} for item in items]
            yield from sorted((_row(item) for item in self._read(keys)), key=lambda row: row.at, reverse=True)

    def _index(self, status: str, *, newest_first: bool, since: str = "") -> Iterator[dict[str, Any]]:
        pages = self._client.get_paginator("query").paginate(
            TableName=self._name,
            IndexName="byStatus",
            # Every key is at least a blank, and no key may be empty.
            KeyConditionExpression="#status = :status AND #updatedAt >= :since",
            ExpressionAttributeNames={"#status": "status", "#updatedAt": "updatedAt"},
            ExpressionAttributeValues={":status": {"S": status}, ":since": {"S": since or " "}},
            ScanIndexForward=not newest_first,
        )
        for page in pages:
            yield from page["Items"]

    def _read(self, keys: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """The items themselves, strongly consistent, in any order."""
        for start in range(0, len(keys), _BATCH):
            wanted: Any = {self._name: {"Keys": keys[start : start + _BATCH], "ConsistentRead": True}}
            while wanted:
                answer = self._client.batch_get_item(RequestItems=wanted)
                yield from answer["Responses"].get(self._name, [])
                wanted = answer.get("UnprocessedKeys")

    def _put(self, item: dict[str, Any]) -> None:
        try:
            self._client.put_item(
                TableName=self._name,
                Item=item,
                ConditionExpression="attribute_not_exists(pk)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            raise _refused(error) from None


def _is_refusal(error: ClientError) -> bool:
    return error.response["Error"]["Code"] == "ConditionalCheckFailedException"


def _refused(error: ClientError) -> Exception:
    """A refused condition with the record in its way; any other error as it is."""
    if not _is_refusal(error):
        return error
    item = cast("dict[str, Any]", error.response).get("Item")
    return ConditionFailedError(_record(item) if item and item["sk"]["S"] == "RECORD" else None)


def _plain(item: dict[str, Any]) -> dict[str, Any]:
    return {key: _from_dynamodb(value) for key, value in item.items()}


def _record(item: dict[str, Any]) -> MessageRecord:
    return MessageRecord.model_validate(_plain(item))


def _entry(found: dict[str, Any]) -> Entry:
    return Entry(
        found["messageId"],
        Status(found["status"]),
        found["acceptedAt"],
        found["updatedAt"],
        found.get("settledAt", ""),
        found.get("reason", ""),
        int(found["expiresAt"]),
    )


def _row(item: dict[str, Any]) -> Row:
    return Row.model_validate(_plain(item))
