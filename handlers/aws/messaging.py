"""The workflow, the queues and the alert topic."""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from handlers.aws.clients import sns, sqs, stepfunctions
from schemas.workflow import ReviewMessage, WorkflowInput


def start_execution(state_machine: str, name: str, workflow_input: WorkflowInput) -> bool:
    """False if an execution of that name exists or existed: the message is in good hands already.

    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    try:
        stepfunctions().start_execution(
            stateMachineArn=state_machine, name=name, input=workflow_input.model_dump_json()
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ExecutionAlreadyExists":
            return False
        raise
    return True


def queue_review(queue_url: str, message: ReviewMessage, delay_seconds: int = 0) -> None:
    sqs().send_message(QueueUrl=queue_url, MessageBody=message.model_dump_json(), DelaySeconds=delay_seconds)


def hide(queue_url: str, receipt_handle: str, seconds: int) -> None:
    """Keep a received message from everybody for so long, counted from now."""
    sqs().change_message_visibility(
        QueueUrl=queue_url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
    )


def publish(topic_arn: str, subject: str, text: str, attributes: Mapping[str, str]) -> None:
    """People read the text, programs the attributes."""
    given: Any = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
    sns().publish(TopicArn=topic_arn, Subject=subject, Message=text, MessageAttributes=given)
