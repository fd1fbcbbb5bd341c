"""The visitor's address as SES can take it: ASCII local part, domain in punycode.

SES supports 7-bit local parts only and wants other domains as punycode:
https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html
"""

import hashlib
from functools import lru_cache

import idna


class UnusableAddressError(ValueError):
    """The address passed the pattern but names no possible domain. Says why, never quotes."""


def to_ascii(address: str) -> str:
    """`a@müller.example` → `a@xn--mller-kva.example`. Raise UnusableAddressError."""
    local, _, domain = address.rpartition("@")
    try:
        encoded = _punycode(domain)
    except idna.IDNAError:
        raise UnusableAddressError("the domain is no legal internationalised name") from None
    # RFC 5321 4.5.3.1.3: a forward path has 256 octets, two of them its angle brackets.
    whole = f"{local}@{encoded}"
    if len(whole) > 254:  # noqa: PLR2004 - RFC 5321, see above
        raise UnusableAddressError("longer than 254 characters in ASCII")
    return whole


@lru_cache(maxsize=256)
def _punycode(domain: str) -> str:
    """Raise IDNAError. Most visitors share a handful of providers, and the rules for each take some 13 µs."""
    return idna.encode(domain, uts46=True).decode("ascii")


def fingerprint(address: str) -> str:
    """What a timeline knows of a recipient: enough to tell whether it was this one."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:16]
