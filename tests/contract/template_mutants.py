"""One defect each, put into the translated template, and the test that must fail for it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.contract import (
    test_iam,
    test_template,
    test_template_api,
    test_template_queues,
    test_thank_you_pages,
    test_upgrade,
)

Template = dict[str, Any]


@dataclass(frozen=True)
class Mutant:
    """`edit` changes the template in place; `killer` raises AssertionError for it."""

    name: str
    edit: Callable[[Template], object]
    killer: Callable[[], None]


def _properties(template: Template, logical_id: str) -> dict[str, Any]:
    properties: dict[str, Any] = template["Resources"][logical_id]["Properties"]
    return properties


def _statements(template: Template, logical_id: str) -> list[dict[str, Any]]:
    """Of a role's one policy, or of a resource's."""
    properties = _properties(template, logical_id)
    document = properties.get("PolicyDocument") or properties["Policies"][0]["PolicyDocument"]
    statements: list[dict[str, Any]] = document["Statement"]
    return statements


def _set(logical_id: str, name: str, value: Any) -> Callable[[Template], object]:
    return lambda template: _properties(template, logical_id).update({name: value})


def _without(logical_id: str, name: str) -> Callable[[Template], object]:
    return lambda template: _properties(template, logical_id).pop(name)


def _statement(logical_id: str, number: int, **changed: Any) -> Callable[[Template], object]:
    return lambda template: _statements(template, logical_id)[number].update(changed)


def _dropped(logical_id: str, number: int) -> Callable[[Template], object]:
    return lambda template: _statements(template, logical_id).pop(number)


def _one_more(logical_id: str, action: str, resource: str) -> Callable[[Template], object]:
    statement = {"Effect": "Allow", "Action": action, "Resource": {"Fn::GetAtt": [resource, "Arn"]}}
    return lambda template: _statements(template, logical_id).append(statement)


def _page_shut_out(template: Template) -> None:
    responses = _properties(template, "ContactApi")["Body"]["x-amazon-apigateway-gateway-responses"]
    del responses["THROTTLED"]["responseParameters"]["gatewayresponse.header.Access-Control-Allow-Origin"]


def _plain_form_without(words: str) -> Callable[[Template], object]:
    def edit(template: Template) -> None:
        request = template["Mappings"]["PlainForm"]["Request"]
        request["Template"] = request["Template"].replace(words, "")

    return edit


_iam = partial(test_iam.test_iam_allows_what_is_called_and_denies_what_is_forged, "one owner")
_idle = partial(test_iam.test_no_role_has_a_permission_that_nothing_uses, "one owner")
_visibility = test_template_queues.test_a_message_stays_invisible_for_six_times_the_function_timeout
_dead_letters = test_template_queues.test_what_fails_again_and_again_ends_in_the_review_queue

MUTANTS = (
    Mutant("the gateway may not send to the queue", _dropped("IntakeRole", 0), _iam),
    Mutant(
        "the starter's role names the wrong action",
        _statement("StartDeliveryFunctionRole", 2, Action="states:StartSyncExecution"),
        _iam,
    ),
    Mutant(
        "the sweep may query the table and not its index",
        _statement("SweepFunctionRole", 1, Resource={"Fn::GetAtt": ["MessagesTable", "Arn"]}),
        _iam,
    ),
    Mutant("mail to anybody", _statement("SendEmailFunctionRole", 1, Condition={}), _iam),
    Mutant(
        "mail from anybody of the domain",
        _statement("SendAcknowledgementFunctionRole", 1, Condition={}),
        _iam,
    ),
    Mutant("the status endpoint may read the message", _statement("StatusRole", 0, Condition={}), _iam),
    Mutant("any topic may write events", _statement("EventsQueuePolicy", 1, Condition={}), _iam),
    Mutant(
        "any configuration set may publish feedback", _statement("FeedbackTopicPolicy", 1, Condition={}), _iam
    ),
    Mutant("plain HTTP to the intake queue", _dropped("IntakeQueuePolicy", 0), _iam),
    Mutant("the topic may not write to its queue", _dropped("EventsQueuePolicy", 1), _iam),
    Mutant(
        "a permission too many",
        _one_more("ProcessFeedbackFunctionRole", "dynamodb:DeleteItem", "MessagesTable"),
        _idle,
    ),
    Mutant(
        "a permission on a second queue",
        _one_more("StartDeliveryFunctionRole", "sqs:SendMessage", "EventsQueue"),
        _idle,
    ),
    Mutant(
        "visible again below the function's timeout",
        _set("IntakeQueue", "VisibilityTimeout", 30),
        partial(_visibility, "IntakeQueue"),
    ),
    Mutant(
        "a function slower than its queue allows",
        _set("ProcessFeedbackFunction", "Timeout", 120),
        partial(_visibility, "EventsQueue"),
    ),
    Mutant("no redrive", _without("EventsQueue", "RedrivePolicy"), partial(_dead_letters, "EventsQueue")),
    Mutant(
        "dead letters forgotten early",
        _set("ReviewQueue", "MessageRetentionPeriod", 345_600),
        test_template_queues.test_a_dead_letter_outlives_the_queue_it_came_from_because_it_keeps_its_age,
    ),
    Mutant(
        "a failed record is a failed batch",
        lambda t: _properties(t, "StartDeliveryFunctionIntake").pop("FunctionResponseTypes"),
        partial(test_template_queues.test_a_bad_message_does_not_hold_up_its_batch, "IntakeQueue"),
    ),
    Mutant(
        "old TLS", _set("ContactApi", "SecurityPolicy", "TLS_1_0"), test_template_api.test_old_tls_is_refused
    ),
    Mutant(
        "an error that the page cannot read",
        _page_shut_out,
        partial(test_template_api.test_the_page_may_read_every_error_of_the_gateway, "THROTTLED"),
    ),
    Mutant(
        "no throttle",
        lambda t: _properties(t, "ContactApiprodStage")["MethodSettings"][0].pop("ThrottlingRateLimit"),
        test_template_api.test_the_stage_is_throttled_by_parameters_and_logs_no_body,
    ),
    Mutant(
        "the message in the history",
        lambda t: _properties(t, "DeliveryStateMachine")["LoggingConfiguration"].update(
            IncludeExecutionData=True
        ),
        test_template.test_no_execution_data_gets_into_a_log_or_a_trace,
    ),
    Mutant(
        "the table goes with the stack",
        lambda t: t["Resources"]["MessagesTable"].pop("DeletionPolicy"),
        test_upgrade.test_exactly_these_outlive_the_stack,
    ),
    Mutant(
        "a page that is named twice is followed",
        _plain_form_without("$once == $fields.length() && "),
        partial(test_thank_you_pages.test_the_template_follows_one_page_only, test_thank_you_pages.SECOND[0]),
    ),
    Mutant(
        "a page is followed beside another that is named",
        _plain_form_without(' && !$others.contains("&_next=")'),
        partial(test_thank_you_pages.test_the_template_follows_one_page_only, test_thank_you_pages.SECOND[1]),
    ),
)
