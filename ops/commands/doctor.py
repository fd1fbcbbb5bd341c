"""`contactflow doctor`: is everything that mail needs as it should be."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer

from ops import webhook
from ops.commands import session
from ops.commands.session import AsJson, Aws, Stack, say, say_json
from ops.review import health, probe
from ops.review.health import Finding, Level
from ops.review.workbench import Workbench


def doctor(
    stack: Stack = "contactflow",
    *,
    synthetic: Annotated[
        bool, typer.Option(help="Prove the event path with a synthetic record, deleted again.")
    ] = True,
    aws: Aws = False,
    as_json: AsJson = False,
) -> None:
    """Check identity, DKIM, quota, suppression, the events' way and the review queue. Exit code 1 if one fails.

    DMARC is not looked up: compare the stack's output DmarcRecord with your DNS.

    Example: contactflow doctor --json
    """
    with session.workbench(stack, aws=aws) as bench:
        findings = [*_mail(bench), *_events(bench, synthetic=synthetic), *_alerts(bench)]
        findings += health.review(bench.items(), bench.review_depth())
    if as_json:
        say_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mend = f" → {finding.mend}" if finding.mend and finding.level is not Level.OK else ""
            say(f"{finding.level:5} {finding.check:13} {finding.what}{mend}")
    if any(finding.level is Level.FAIL for finding in findings):
        raise typer.Exit(1)


def _mail(bench: Workbench) -> Iterator[Finding]:
    ses = bench.deployment.client("sesv2")
    outputs = bench.deployment.outputs
    name = outputs["SenderIdentityName"]
    yield from health.identity(name, ses.get_email_identity(EmailIdentity=name))
    yield from health.account(ses.get_account(), float(bench.parameters["SesSendRate"]))
    for address in bench.recipients:
        try:
            ses.get_suppressed_destination(EmailAddress=address)
            suppressed = True
        except ses.exceptions.NotFoundException:
            suppressed = False
        yield health.owner(address, suppressed=suppressed)


def _events(bench: Workbench, *, synthetic: bool) -> Iterator[Finding]:
    sns = bench.deployment.client("sns")
    outputs = bench.deployment.outputs
    found = sns.list_subscriptions_by_topic(TopicArn=outputs["FeedbackTopicArn"])["Subscriptions"]
    queue = outputs["EventsQueueUrl"].rsplit("/", 1)[1]
    yield health.queues(*(bench.deployment.depth(f"{name}QueueUrl") for name in ("Intake", "Events")))
    yield health.subscription((entry["Endpoint"] for entry in found), queue)
    if synthetic:
        yield health.event_path(probe.event_path(bench))


def _alerts(bench: Workbench) -> Iterator[Finding]:
    topic = bench.deployment.outputs["AlertTopicArn"]
    found = bench.deployment.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    yield health.alerts((entry["Protocol"], entry["SubscriptionArn"]) for entry in found)
    if webhook.is_on(bench):
        waiting, given_up = (bench.deployment.depth(name) for name in (webhook.QUEUE, webhook.DEAD_LETTERS))
        yield health.webhook(waiting, given_up)
