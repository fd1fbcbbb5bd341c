"""SESv2 SendEmail's body → the mail it asks for, or SES's refusal.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import re
from collections.abc import Callable, Container, Mapping
from email.utils import parseaddr
from typing import Any

from ops.local.ses.store import Mail, moment

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
RECIPIENT_LIMIT = 50
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html
_HEADER_NAME = re.compile(r"[!-9;-@A-~]{1,126}")
_HEADER_VALUE = re.compile(r"[ -~]{1,995}")
_LOCAL_PART = re.compile(r"[!-~]+")
_DOMAIN = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")


class RefusedError(Exception):
    """An answer of SES other than 2xx."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def bad_request(message: str) -> RefusedError:
    return RefusedError(400, "BadRequestException", message)


def read(
    request: Mapping[str, Any],
    identities: Container[str],
    configuration_sets: Container[str],
    now: float,
    new_id: Callable[[float], str],
) -> Mail:
    """The mail of a call with Simple content. Raise RefusedError for what SES would not accept."""
    sender = request.get("FromEmailAddress", "")
    check_address(sender)
    identity = _identity(sender, identities)
    configuration_set = request.get("ConfigurationSetName")
    if configuration_set is not None and configuration_set not in configuration_sets:
        raise RefusedError(
            404, "NotFoundException", f"Configuration set <{configuration_set}> does not exist."
        )
    to, cc, bcc = _recipients(request.get("Destination", {}))
    simple = _simple(request.get("Content", {}))
    return Mail(
        id=new_id(now),
        accepted_at=moment(now),
        sender=sender,
        identity=identity,
        to=to,
        cc=cc,
        bcc=bcc,
        reply_to=_addresses(request.get("ReplyToAddresses")),
        subject=_data(simple, "Subject") or "",
        text=_data(simple["Body"], "Text"),
        html=_data(simple["Body"], "Html"),
        extra_headers=_headers(simple.get("Headers") or []),
        tags=_tags(request.get("EmailTags") or []),
        configuration_set=configuration_set,
    )


def check_address(address: str) -> None:
    """Raise RefusedError for what SES calls malformed; SES takes punycode domains and ASCII local parts.

    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
    """
    if any(character in address for character in "\r\n\0"):
        raise bad_request("Illegal address")
    local, at, domain = parseaddr(address)[1].rpartition("@")
    if not at or not domain:
        raise bad_request("Missing final '@domain'")
    if not _LOCAL_PART.fullmatch(local):
        raise bad_request("Local address contains control or whitespace")
    if not _DOMAIN.fullmatch(domain):
        raise bad_request("Domain contains illegal character")


def _identity(sender: str, identities: Container[str]) -> str:
    """The verified identity that vouches for the sender: the address itself before its domain."""
    address = parseaddr(sender)[1]
    for identity in (address, address.rpartition("@")[2].lower()):
        if identity in identities:
            return identity
    raise RefusedError(
        400,
        "MessageRejected",
        "Email address is not verified. The following identities failed the check in region US-EAST-1: "
        + sender,
    )


def _recipients(
    destination: Mapping[str, Any],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    to = _addresses(destination.get("ToAddresses"))
    cc = _addresses(destination.get("CcAddresses"))
    bcc = _addresses(destination.get("BccAddresses"))
    count = len(to) + len(cc) + len(bcc)
    if count == 0:
        raise bad_request("Destination must have at least one recipient")
    if count > RECIPIENT_LIMIT:
        raise bad_request(f"Recipient count exceeds {RECIPIENT_LIMIT}.")
    return to, cc, bcc


def _addresses(addresses: list[str] | None) -> tuple[str, ...]:
    for address in addresses or []:
        check_address(address)
    return tuple(addresses or [])


def _simple(content: Mapping[str, Any]) -> Mapping[str, Any]:
    simple: Mapping[str, Any] | None = content.get("Simple")
    if simple is None:
        raise bad_request("The local SES takes Simple content only")
    if not _data(simple, "Subject"):
        raise bad_request("Missing required header 'Subject'.")
    body = simple.get("Body") or {}
    if _data(body, "Text") is None and _data(body, "Html") is None:
        raise bad_request("Body must have Text or Html")
    return simple


def _data(container: Mapping[str, Any], name: str) -> str | None:
    part = container.get(name)
    return part["Data"] if part else None


def _headers(headers: list[dict[str, str]]) -> tuple[tuple[str, str], ...]:
    for header in headers:
        if not _HEADER_NAME.fullmatch(header["Name"]) or not _HEADER_VALUE.fullmatch(header["Value"]):
            raise bad_request("Headers must be printable ASCII")
    return tuple((header["Name"], header["Value"]) for header in headers)


def _tags(tags: list[dict[str, str]]) -> dict[str, str]:
    for tag in tags:
        for text in (tag["Name"], tag["Value"]):
            if not _TAG.fullmatch(text):
                raise bad_request("Tags may have ASCII letters, digits, '_' and '-' only")
    return {tag["Name"]: tag["Value"] for tag in tags}
