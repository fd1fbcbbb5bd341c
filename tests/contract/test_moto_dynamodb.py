"""The frequent calls answer as moto does, which they replace, and never let two writers win."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ops.local import cloud
from ops.local.dynamodb import calls, condition, update
from ops.local.dynamodb.tokens import UnsupportedError

KEY = {"pk": {"S": "MSG#1"}, "sk": {"S": "RECORD"}}


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    running = cloud.start()
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="t",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    yield client
    running.stop()


CONDITIONS = [
    "attribute_exists(pk)",
    "attribute_not_exists(#a)",
    "attribute_exists(#m.#a) AND NOT #a = :a",
    "#a IN (:a, :b) OR #m.#a = :b",
    "(attribute_not_exists(#a) OR #a >= :a) AND #m.#a < :b",
    "#a <= :b AND NOT (#a > :a OR attribute_exists(#m))",
]
UPDATES = [
    "SET #a = :a",
    "SET #a = :a, #m.#a = :b",
    "SET #a = if_not_exists(#a, :b)",
    "ADD #n :one",
    "SET #a = :b ADD #n :one REMOVE #m.#a",
    "REMOVE #a, #m",
]
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "S": st.sampled_from(["empty", "1", "10", "9", "é"]).map(lambda text: {"S": text}),
    "N": st.sampled_from(["1", "1.5", "10", "-9"]).map(lambda text: {"N": text}),
}


def items(scalars: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    numbers = st.sampled_from([{"N": "1"}, {"N": "2.5"}])
    maps = st.dictionaries(st.just("a"), scalars).map(lambda members: {"M": members})
    return st.fixed_dictionaries({}, optional={"a": scalars, "n": numbers, "m": maps})


# (item, :a, :b), of one type each: moto orders values of two types as Python does, AWS finds that false.
SCENES = st.sampled_from(["S", "N"]).flatmap(
    lambda kind: st.tuples(items(SCALARS[kind]), SCALARS[kind], SCALARS[kind])
)


def placeholders(*expressions: str, **values: Any) -> dict[str, Any]:
    text = " ".join(expressions)
    names = {name: name[1:] for name in ("#a", "#m", "#n") if name in text}
    used = {f":{name}": value for name, value in values.items() if f":{name}" in text}
    call: dict[str, Any] = {}
    if names:
        call["ExpressionAttributeNames"] = names
    if used:
        call["ExpressionAttributeValues"] = used
    return call


def through_moto(client: Any, operation: str, call: dict[str, Any]) -> calls.Answer:
    try:
        answer = getattr(client, operation)(**call)
    except ClientError as refused:
        answer = {**refused.response}
        body = {"Item": answer["Item"]} if "Item" in answer else {}
        return 400, {"__type": answer["Error"]["Code"], **body}
    # moto answers ConsumedCapacity unasked.
    return 200, {key: answer[key] for key in answer.keys() - {"ResponseMetadata", "ConsumedCapacity"}}


def directly(operation: str, call: dict[str, Any]) -> calls.Answer:
    status, body = getattr(calls, operation)(call)
    if status == 400:
        body = {key: value for key, value in body.items() if key != "message"}
        body["__type"] = body["__type"].rpartition("#")[2]
    return status, json.loads(json.dumps(body))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scene=SCENES, where=st.sampled_from(CONDITIONS), change=st.sampled_from(UPDATES))
def test_an_update_answers_and_leaves_what_moto_would(
    dynamodb: Any, scene: tuple[Any, Any, Any], where: str, change: str
) -> None:
    old, a, b = scene
    call = {
        "TableName": "t",
        "Key": KEY,
        "UpdateExpression": change,
        "ConditionExpression": where,
        "ReturnValues": "ALL_NEW",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        **placeholders(where, change, a=a, b=b, one={"N": "1"}),
    }
    outcomes = []
    for update_item in (through_moto, lambda _, name, body: directly(name, body)):
        dynamodb.put_item(TableName="t", Item=KEY | old)
        try:
            outcomes.append(
                (
                    update_item(dynamodb, "update_item", call),
                    dynamodb.get_item(TableName="t", Key=KEY)["Item"],
                )
            )
        except UnsupportedError:
            return
    assert outcomes[0] == outcomes[1]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=st.none() | items(SCALARS["S"]), new=items(SCALARS["N"]))
def test_a_conditional_put_answers_and_leaves_what_moto_would(dynamodb: Any, old: Any, new: Any) -> None:
    call = {
        "TableName": "t",
        "Item": KEY | new,
        "ConditionExpression": "attribute_not_exists(pk)",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    outcomes = []
    for put_item in (through_moto, lambda _, name, body: directly(name, body)):
        dynamodb.delete_item(TableName="t", Key=KEY)
        if old is not None:
            dynamodb.put_item(TableName="t", Item=KEY | old)
        outcomes.append(
            (put_item(dynamodb, "put_item", call), dynamodb.get_item(TableName="t", Key=KEY)["Item"])
        )
    assert outcomes[0] == outcomes[1]


def test_moto_and_the_frequent_calls_see_each_others_writes(dynamodb: Any) -> None:
    key = {"TableName": "t", "Key": {"pk": {"S": "both"}, "sk": {"S": "x"}}}
    calls.put_item({"TableName": "t", "Item": {**key["Key"], "n": {"N": "1"}}})  # type: ignore[dict-item]
    add = {"UpdateExpression": "ADD n :one", "ExpressionAttributeValues": {":one": {"N": "1"}}}
    dynamodb.update_item(**key, **add)
    calls.update_item({**key, **add})
    assert dynamodb.get_item(**key)["Item"]["n"] == calls.get_item(key)[1]["Item"]["n"] == {"N": "3"}
    assert dynamodb.scan(
        TableName="t", FilterExpression="n = :n", ExpressionAttributeValues={":n": {"N": "3"}}
    )["Count"]


def test_of_eight_conditional_writers_one_wins(dynamodb: Any) -> None:
    barrier = threading.Barrier(8)

    def write(number: int) -> list[bool]:
        won = []
        for name in range(50):
            item = {"pk": {"S": f"race{name}"}, "sk": {"S": "x"}, "by": {"N": str(number)}}
            call = {"TableName": "t", "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}
            barrier.wait()
            # Half of them through moto: the two ways exclude each other too.
            status, _ = through_moto(dynamodb, "put_item", call) if number % 2 else directly("put_item", call)
            won.append(status == 200)
        return won

    with ThreadPoolExecutor(8) as pool:
        for winners in zip(*pool.map(write, range(8)), strict=True):
            assert sum(winners) == 1


def test_eight_threads_lose_no_increment(dynamodb: Any) -> None:
    def add(number: int) -> None:
        call: dict[str, Any] = {
            "TableName": "t",
            "Key": {"pk": {"S": "counter"}, "sk": {"S": "x"}},
            "UpdateExpression": "ADD n :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        }
        for _ in range(25):
            if number % 2:
                dynamodb.update_item(**call)
            else:
                calls.update_item(call)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(8)))
    _, found = calls.get_item({"TableName": "t", "Key": {"pk": {"S": "counter"}, "sk": {"S": "x"}}})
    assert found["Item"]["n"] == {"N": "200"}


@pytest.mark.parametrize(
    "expression",
    [
        "status = :a",
        "size(a) > :a",
        "a = b",
        "a = :a )",
        "a",
        "a <> :a",
        "a BETWEEN :a AND :b",
        "a[0] = :a",
        "",
    ],
)
def test_a_condition_out_of_the_ordinary_is_left_to_moto(expression: str) -> None:
    with pytest.raises(UnsupportedError):
        condition.compiled(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "SET a = a + :a",
        "SET a = list_append(a, :a)",
        "DELETE a :a",
        "SET a = :a SET b = :b",
        "PUT a :a",
        "SET status = :a",
    ],
)
def test_an_update_out_of_the_ordinary_is_left_to_moto(expression: str) -> None:
    with pytest.raises(UnsupportedError):
        update.compiled(expression)


def test_a_call_with_what_dynamodb_refuses_is_left_to_moto(dynamodb: Any) -> None:
    assert "t" in dynamodb.list_tables()["TableNames"]
    unused = {"TableName": "t", "Item": KEY, "ExpressionAttributeNames": {"#unused": "x"}}
    missing = {"TableName": "no-such-table", "Item": KEY}
    empty = {"TableName": "t", "Item": {"pk": {"S": ""}, "sk": {"S": "x"}}}
    for call in (unused, missing, empty):
        with pytest.raises(UnsupportedError):
            calls.put_item(call)
