"""The DNS records that SES still waits for."""

from collections.abc import Mapping
from typing import Any

#: Output → what in SES's description of the identity says that the record is there.
_DKIM = ("DkimRecord1", "DkimRecord2", "DkimRecord3")
_MAIL_FROM = ("SpfRecord", "MailFromMxRecord")


def still_to_set(outputs: Mapping[str, str], identity: Mapping[str, Any]) -> list[str]:
    """`name TYPE value` of every record that SES has not seen yet. An identity that was there before has none here."""
    waiting: list[str] = []
    if identity.get("DkimAttributes", {}).get("Status") != "SUCCESS":
        waiting += _DKIM
    if identity.get("MailFromAttributes", {}).get("MailFromDomainStatus") != "SUCCESS":
        waiting += _MAIL_FROM
    return [outputs[name] for name in waiting if name in outputs]
