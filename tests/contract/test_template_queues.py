"""The queues of template.yaml: who reads them, how long, and what becomes of what nobody can process."""

from typing import Any

import pytest

from tests.contract.translated import of_type, resource


def _consumed() -> dict[str, tuple[str, dict[str, Any]]]:
    """Queue → (function, event source mapping)."""
    return {
        mapping["EventSourceArn"]["Fn::GetAtt"][0]: (mapping["FunctionName"]["Ref"], mapping)
        for mapping in of_type("AWS::Lambda::EventSourceMapping").values()
    }


def test_the_starters_share_the_send_rate_between_as_many_as_lambda_may_run() -> None:
    _, mapping = _consumed()["IntakeQueue"]
    share = resource("StartDeliveryFunction")["Environment"]["Variables"]["STARTER_CONCURRENCY"]
    assert mapping["ScalingConfig"]["MaximumConcurrency"] == share


def test_feedback_is_processed_by_few_so_that_it_leaves_the_account_some_concurrency() -> None:
    _, mapping = _consumed()["EventsQueue"]
    assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= 5


@pytest.mark.parametrize("queue", ["IntakeQueue", "EventsQueue"])
def test_a_bad_message_does_not_hold_up_its_batch(queue: str) -> None:
    _, mapping = _consumed()[queue]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BatchSize"] == 10


@pytest.mark.parametrize("queue", ["IntakeQueue", "EventsQueue", "WebhookQueue"])
def test_a_message_stays_invisible_for_six_times_the_function_timeout(queue: str) -> None:
    function, _ = _consumed()[queue]
    assert resource(queue)["VisibilityTimeout"] >= 6 * resource(function)["Timeout"]


@pytest.mark.parametrize("queue", ["IntakeQueue", "EventsQueue"])
def test_what_fails_again_and_again_ends_in_the_review_queue(queue: str) -> None:
    redrive = resource(queue)["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"] == {"Fn::GetAtt": ["ReviewQueue", "Arn"]}
    assert redrive["maxReceiveCount"] >= 5


def test_only_the_two_queues_may_use_the_review_queue_for_their_dead_letters() -> None:
    allowed = resource("ReviewQueue")["RedriveAllowPolicy"]
    names = [resource(queue)["QueueName"]["Fn::Sub"] for queue in ("IntakeQueue", "EventsQueue")]
    arns = [arn["Fn::Sub"] for arn in allowed["sourceQueueArns"]]
    assert allowed["redrivePermission"] == "byQueue"
    assert [(arn.rpartition(":${AWS::StackName}")[2], variables) for arn, variables in arns] == [
        (name.removeprefix("${AWS::StackName}"), variables) for name, variables in names
    ]


def test_a_dead_letter_outlives_the_queue_it_came_from_because_it_keeps_its_age() -> None:
    sources = [resource(queue)["MessageRetentionPeriod"] for queue in ("IntakeQueue", "EventsQueue")]
    assert sources == [4 * 86_400, 4 * 86_400]
    assert resource("ReviewQueue")["MessageRetentionPeriod"] == 14 * 86_400


def test_every_queue_encrypts_what_it_holds() -> None:
    assert [
        q for q, properties in of_type("AWS::SQS::Queue").items() if not properties["SqsManagedSseEnabled"]
    ] == []
