"""Queries of an index and reads of many keys answer as moto does, and a table of thousands is read in pages."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ops.local import cloud
from ops.local.dynamodb import calls, query
from ops.local.dynamodb.tokens import UnsupportedError

INDEX: Any = [{"AttributeName": "status", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}]
WHERE = "#status = :status"
NAMES = {"#status": "status"}
SINCE = f"{WHERE} AND #at >= :at"


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    running = cloud.start()
    client = boto3.client("dynamodb")
    projection: Any = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["reason"]}
    client.create_table(
        TableName="q",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "status", "at")
        ],
        GlobalSecondaryIndexes=[{"IndexName": "byStatus", "KeySchema": INDEX, "Projection": projection}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    running.stop()


def put(number: int, **attributes: str) -> None:
    fields = {name: {"S": value} for name, value in attributes.items()}
    calls.put_item({"TableName": "q", "Item": {"pk": {"S": f"{number:04}"}, "sk": {"S": "RECORD"}} | fields})


@pytest.fixture
def empty(dynamodb: Any) -> Any:
    clear(dynamodb)
    return dynamodb


def clear(dynamodb: Any) -> None:
    for item in dynamodb.scan(TableName="q")["Items"]:
        dynamodb.delete_item(TableName="q", Key={"pk": item["pk"], "sk": item["sk"]})


def asked(where: str, status: str, at: str = "", **more: Any) -> dict[str, Any]:
    values = {":status": {"S": status}} | ({":at": {"S": at}} if at else {})
    names = NAMES | ({"#at": "at"} if at else {})
    return {
        "TableName": "q",
        "IndexName": "byStatus",
        "KeyConditionExpression": where,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": values,
        **more,
    }


RECORDS = st.lists(
    st.fixed_dictionaries(
        {"reason": st.sampled_from(["a", "b"]), "body": st.just("secret")},
        optional={"status": st.sampled_from(["review", "sent"])},
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=RECORDS,
    operator=st.sampled_from(["<", "<=", ">", ">=", ""]),
    forward=st.booleans(),
    count=st.booleans(),
)
def test_a_query_of_an_index_answers_as_moto_does(
    dynamodb: Any, *, records: list[dict[str, str]], operator: str, forward: bool, count: bool
) -> None:
    clear(dynamodb)
    for number, one in enumerate(records):
        put(number, at=f"T{number * 7 % 12:02}", **one)
    where, at = (f"{WHERE} AND #at {operator} :at", "T05") if operator else (WHERE, "")
    call = asked(where, "review", at, ScanIndexForward=forward) | ({"Select": "COUNT"} if count else {})
    status, found = query.query(call)
    answer = dynamodb.query(**call)
    assert (status, found.get("Items")) == (200, answer.get("Items"))
    assert (found["Count"], "LastEvaluatedKey" in found) == (answer["Count"], "LastEvaluatedKey" in answer)


def test_no_more_than_the_index_projects_comes_out_of_it(empty: Any) -> None:
    put(1, status="review", at="T1", reason="why", body="secret")
    _, found = query.query(asked(WHERE, "review"))
    assert [set(item) for item in found["Items"]] == [{"pk", "sk", "status", "at", "reason"}]


@pytest.mark.parametrize("forward", [True, False])
def test_pages_leave_nothing_out_and_repeat_nothing_though_keys_are_equal(
    empty: Any, *, forward: bool
) -> None:
    for number in range(25):
        put(number, status="review", at=f"T{number % 3}")
    seen: list[str] = []
    start: dict[str, Any] = {}
    while True:
        _, page = query.query(asked(WHERE, "review", ScanIndexForward=forward, Limit=4) | start)
        seen += [item["pk"]["S"] for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            break
        start = {"ExclusiveStartKey": json.loads(json.dumps(page["LastEvaluatedKey"]))}
    assert (len(seen), set(seen)) == (25, {f"{number:04}" for number in range(25)})


def test_a_table_of_thousands_takes_more_than_one_page(empty: Any) -> None:
    for number in range(2001):
        put(number, status="review", at=f"T{number:04}")
    _, page = query.query(asked(WHERE, "review", Select="COUNT"))
    assert (page["Count"], page["LastEvaluatedKey"]["pk"]) == (2000, {"S": "1999"})


def test_many_keys_are_read_as_moto_reads_them(empty: Any) -> None:
    put(1, status="review", at="T1")
    put(2, status="sent", at="T2")
    keys = [{"pk": {"S": pk}, "sk": {"S": "RECORD"}} for pk in ("0001", "none", "0002")]
    call = {"RequestItems": {"q": {"Keys": keys, "ConsistentRead": True}}}
    status, found = query.batch_get_item(call)
    answer = empty.batch_get_item(**call)
    assert status == 200
    assert found == {"Responses": answer["Responses"], "UnprocessedKeys": answer["UnprocessedKeys"]}


@pytest.mark.parametrize(
    "call",
    [
        asked("status = :status", "review"),
        asked(f"{WHERE} AND begins_with(#at, :at)", "review", "T"),
        asked(WHERE, "review", FilterExpression="reason = :status"),
        asked(WHERE, "review", IndexName="no-such-index"),
        asked(WHERE, "review", Select="SPECIFIC_ATTRIBUTES"),
        asked(SINCE, "review"),
        asked(WHERE, "review") | {"ExpressionAttributeNames": {"#status": "reason"}},
    ],
)
def test_a_query_out_of_the_ordinary_is_left_to_moto(dynamodb: Any, call: dict[str, Any]) -> None:
    assert dynamodb
    with pytest.raises(UnsupportedError):
        query.query(call)


def test_the_same_key_twice_or_too_many_of_them_are_left_to_moto(dynamodb: Any) -> None:
    assert dynamodb
    key = {"pk": {"S": "1"}, "sk": {"S": "RECORD"}}
    many = [{"pk": {"S": f"{number}"}, "sk": {"S": "RECORD"}} for number in range(101)]
    for keys in ([key, key], many, []):
        with pytest.raises(UnsupportedError):
            query.batch_get_item({"RequestItems": {"q": {"Keys": keys}}})
