"""The local SES in moto's place: SendEmail, the suppression list and GetAccount of SESv2.

moto's own SendEmail checks no configuration set, publishes no event, knows no rate and keeps every mail for
ever; of the other operations it has none.
"""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import unquote

from moto.ses.models import ses_backends
from moto.sesv2.responses import SESV2Response
from moto.sns.models import sns_backends

from ops.local import cloud, direct
from ops.local.api_calls import Request
from ops.local.cloudformation.mail import event_destinations
from ops.local.endpoint import Before, Fault, Late
from ops.local.ses.behaviour import Account, Behaviour, Ports
from ops.local.ses.faults import FaultKind
from ops.local.ses.outcomes import is_simulator
from ops.local.ses.scheduler import Scheduler
from ops.local.ses.send_email import RefusedError, bad_request
from ops.local.ses.store import MailStore, moment
from ops.local.ses.suppression import Reason, Suppressed

#: (body, headers and "status"), as moto's dispatcher takes it
Answer = tuple[str, dict[str, Any]]

# What a production account starts with; the rate is MaxSendRate when none is enforced.
_DAILY_QUOTA = 50_000.0
_UNENFORCED_RATE = 14.0
# Seconds: no Lambda function runs longer.
_LONGER_THAN_ANY_CALLER_WAITS = 900.0
_SLOW = 0.2


def create(store: MailStore, scheduler: Scheduler, *, pace: float, send_rate: float | None) -> Behaviour:
    """SES for the stack in moto: events go to the topics of the stack's own event destinations."""
    ports = Ports(
        account=_account,
        destinations=event_destinations,
        publish=_publish,
        after=scheduler.after,
        clock=time.time,
    )
    return Behaviour(store, ports, pace=pace, send_rate=send_rate)


def install(behaviour: Behaviour, store: MailStore) -> None:
    """Answer SESv2's calls to moto by `behaviour` from now on."""
    operations: dict[str, Callable[[SESV2Response], Answer]] = {
        "send_email": lambda call: _send_email(behaviour, call),
        "get_account": lambda _call: _get_account(behaviour, store),
        "put_suppressed_destination": lambda call: _put_suppressed(behaviour, call),
        "list_suppressed_destinations": lambda _call: _list_suppressed(behaviour),
        "get_suppressed_destination": lambda call: _get_suppressed(behaviour, call),
        "delete_suppressed_destination": lambda call: _delete_suppressed(behaviour, call),
    }
    for name, operation in operations.items():
        setattr(SESV2Response, name, _answering(operation))
    direct.register("ses", "POST /v2/email/outbound-emails", partial(_send_directly, behaviour))


def losing_answers(behaviour: Behaviour) -> Before:
    """The endpoint's part of the faults: SES gets the mail, its caller gets no answer, or a late one."""

    def lose(request: Request) -> Fault | Late | None:
        if not request.path.endswith("/v2/email/outbound-emails"):
            return None
        fault = behaviour.faults.take(FaultKind.TIMEOUT, FaultKind.LOST_REPLY, FaultKind.SLOW)
        if fault is None:
            return None
        if fault.kind is FaultKind.SLOW:
            return Late(_SLOW)
        delay = _LONGER_THAN_ANY_CALLER_WAITS if fault.kind is FaultKind.TIMEOUT else 0.0
        return Fault(takes_effect=True, delay=delay, response=None)

    return lose


def _answering(operation: Callable[[SESV2Response], Answer]) -> Callable[[SESV2Response], Answer]:
    def answer(call: SESV2Response) -> Answer:
        try:
            return operation(call)
        except RefusedError as refused:
            headers = {"status": refused.status, "x-amzn-ErrorType": refused.code}
            return json.dumps({"message": refused.message}), headers

    return answer


def _send_directly(behaviour: Behaviour, body: bytes) -> direct.Answer:
    """SendEmail over HTTP, without moto's HTTP layer."""
    headers = {"content-type": "application/json"}
    try:
        answer = {"MessageId": behaviour.send(json.loads(body))}
    except RefusedError as refused:
        headers["x-amzn-errortype"] = refused.code
        return refused.status, headers, json.dumps({"message": refused.message}).encode()
    return 200, headers, json.dumps(answer).encode()


def _send_email(behaviour: Behaviour, call: SESV2Response) -> Answer:
    return json.dumps({"MessageId": behaviour.send(json.loads(call.body))}), {}


def _get_account(behaviour: Behaviour, store: MailStore) -> Answer:
    day_ago = moment(time.time() - 86_400)
    recent = (mail for mail in store.mails() if mail.accepted_at >= day_ago)
    # Mails to the simulator count against the rate only.
    sent = sum(not is_simulator(address) for mail in recent for address in mail.recipients)
    answer = {
        "ProductionAccessEnabled": True,
        "SendingEnabled": True,
        "EnforcementStatus": "HEALTHY",
        "SendQuota": {
            "Max24HourSend": _DAILY_QUOTA,
            "MaxSendRate": behaviour.rate.per_second or _UNENFORCED_RATE,
            "SentLast24Hours": float(sent),
        },
        "SuppressionAttributes": {"SuppressedReasons": [reason.value for reason in Reason]},
    }
    return json.dumps(answer), {}


def _put_suppressed(behaviour: Behaviour, call: SESV2Response) -> Answer:
    request = json.loads(call.body)
    if request["Reason"] not in set(Reason):
        raise bad_request("Reason must be BOUNCE or COMPLAINT")
    now = moment(time.time())
    behaviour.suppression.add(Suppressed(request["EmailAddress"], Reason(request["Reason"]), now, "", ""))
    return "{}", {}


def _list_suppressed(behaviour: Behaviour) -> Answer:
    summaries = [_summary(entry) for entry in behaviour.suppression.entries()]
    return json.dumps({"SuppressedDestinationSummaries": summaries}), {}


def _get_suppressed(behaviour: Behaviour, call: SESV2Response) -> Answer:
    address = _address(call)
    entry = behaviour.suppression.get(address)
    if entry is None:
        raise _not_listed(address)
    described = _summary(entry)
    if entry.mail_id:
        described["Attributes"] = {"MessageId": entry.mail_id, "FeedbackId": entry.feedback_id}
    return json.dumps({"SuppressedDestination": described}), {}


def _delete_suppressed(behaviour: Behaviour, call: SESV2Response) -> Answer:
    address = _address(call)
    if not behaviour.suppression.remove(address):
        raise _not_listed(address)
    return "{}", {}


def _summary(entry: Suppressed) -> dict[str, Any]:
    return {
        "EmailAddress": entry.address,
        "Reason": entry.reason.value,
        "LastUpdateTime": entry.since.timestamp(),
    }


def _address(call: SESV2Response) -> str:
    return unquote(call.parsed_url.path.rsplit("/", 1)[1])


def _not_listed(address: str) -> RefusedError:
    return RefusedError(
        404, "NotFoundException", f"Email address {address} does not exist on your suppression list."
    )


def _account() -> Account:
    backend = ses_backends[cloud.ACCOUNT][cloud.REGION]
    sets = {
        name: frozenset(
            Reason(reason) for reason in found.suppression_options.get("SuppressedReasons", list(Reason))
        )
        for name, found in list(backend.config_sets.items())
    }
    return Account(cloud.ACCOUNT, cloud.REGION, backend.email_identities, sets)


def _publish(topic_arn: str, message: str, subject: str) -> None:
    sns_backends[cloud.ACCOUNT][cloud.REGION].publish(message, arn=topic_arn, subject=subject)
