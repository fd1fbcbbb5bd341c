from typing import Any

import pytest

from ops.local.ses.events import ses_id
from ops.local.ses.send_email import RefusedError, read
from ops.local.ses.store import Mail
from tests.fakes.ses_world import CONFIGURATION_SET, request


def accepted(call: dict[str, Any]) -> Mail:
    return read(call, {"example.com", "one@example.net"}, {CONFIGURATION_SET}, 1_795_000_000.0, ses_id)


def simple(**changed: Any) -> dict[str, Any]:
    content = request()["Content"]["Simple"] | changed
    return {"Simple": content}


def test_a_mail_is_kept_as_it_was_asked_for() -> None:
    headers = [{"Name": "X-Reference", "Value": "1234"}]
    mail = accepted(request("Owner <owner@example.org>", Content=simple(Headers=headers)))
    assert mail.to == ("Owner <owner@example.org>",)
    assert mail.reply_to == ("visitor@example.net",)
    assert (mail.subject, mail.text, mail.html) == ("Hello [1234]", "Hi", "<p>Hi</p>")
    assert mail.extra_headers == (("X-Reference", "1234"),)
    assert mail.tags == {"messageId": "m-1", "kind": "submission"}


@pytest.mark.parametrize("sender", ["Anyone <anyone@EXAMPLE.com>", "one@example.net"])
def test_a_verified_address_or_domain_may_send(sender: str) -> None:
    assert accepted(request(FromEmailAddress=sender)).sender == sender


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"FromEmailAddress": "two@example.net"}, 400, "MessageRejected"),
        ({"ConfigurationSetName": "nobody"}, 404, "NotFoundException"),
        ({"Destination": {}}, 400, "BadRequestException"),
        ({"Destination": {"ToAddresses": ["a@example.org"] * 51}}, 400, "BadRequestException"),
        ({"Destination": {"CcAddresses": ["no domain"]}}, 400, "BadRequestException"),
        ({"Destination": {"ToAddresses": ["ä@example.org"]}}, 400, "BadRequestException"),
        ({"Destination": {"ToAddresses": ["a@exämple.org"]}}, 400, "BadRequestException"),
        ({"ReplyToAddresses": ["a@example.org\r\nBcc: b@example.org"]}, 400, "BadRequestException"),
        ({"FromEmailAddress": ""}, 400, "BadRequestException"),
        ({"EmailTags": [{"Name": "a b", "Value": "c"}]}, 400, "BadRequestException"),
        ({"EmailTags": [{"Name": "a", "Value": "ü"}]}, 400, "BadRequestException"),
        ({"EmailTags": [{"Name": "a", "Value": "b" * 257}]}, 400, "BadRequestException"),
        ({"Content": {"Raw": {"Data": ""}}}, 400, "BadRequestException"),
        ({"Content": simple(Subject={"Data": ""})}, 400, "BadRequestException"),
        ({"Content": simple(Body={})}, 400, "BadRequestException"),
        ({"Content": simple(Headers=[{"Name": "A:", "Value": "b"}])}, 400, "BadRequestException"),
        ({"Content": simple(Headers=[{"Name": "A", "Value": "b\r\nC: d"}])}, 400, "BadRequestException"),
    ],
)
def test_what_ses_refuses_is_refused_with_its_code(changed: dict[str, Any], status: int, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        accepted(request(**changed))
    assert (refused.value.status, refused.value.code) == (status, code)


def test_fifty_recipients_are_taken() -> None:
    assert len(accepted(request(*["a@example.org"] * 50)).recipients) == 50
