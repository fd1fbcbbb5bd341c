"""A plain HTML form's text, as `POST /form` wraps it for the queue → the fields of a submission."""

import base64
import re
from typing import Any
from urllib.parse import parse_qsl

_BROKEN_ESCAPE = re.compile("%(?![0-9a-fA-F]{2})")
# Our names → those of the hosted services, the first that was filled counts. What a page fixes comes before what a
# visitor types, but for the address, which is the visitor's.
# https://github.com/formspree/formspree https://docs.netlify.com/forms/spam-filters/
# https://docs.web3forms.com/getting-started/api-reference https://docs.usebasin.com/guides/spam-protection
_NAMES = {
    "email": ("email", "_replyto", "replyto"),
    "subject": ("_subject", "subject"),
    "name": ("name",),
    "message": ("message",),
    "website": ("website", "_gotcha", "botcheck", "bot-field"),
}
#: Instructions to a hosted service, and proofs for its captcha, which are longer than a message may be. They are no
#: part of the message, and no address in them is followed.
_INSTRUCTIONS = {
    *("_next", "redirect", "form-name", "access_key", "_cc", "ccemail", "_format", "_language", "from_name"),
    *("g-recaptcha-response", "h-captcha-response", "cf-turnstile-response"),
}


class NotAFormError(ValueError):
    """The text is not what a browser makes of a form. Says why, never quotes."""


def is_wrapped(document: dict[str, Any]) -> bool:
    """Whether it is `{"urlencoded": base64}`, since XML might not carry what was posted; `form` is in the path."""
    return "urlencoded" in document and set(document) <= {"urlencoded", "form"}


def unwrap(document: dict[str, Any]) -> str:
    """Return the posted text. Raises NotAFormError."""
    try:
        return base64.b64decode(document["urlencoded"], validate=True).decode()
    except (TypeError, ValueError):
        raise NotAFormError("not base64 of UTF-8") from None


def fields(text: str) -> dict[str, str]:
    """Known fields by our names, every other filled field as a line of the message. Raises NotAFormError."""
    if _BROKEN_ESCAPE.search(text):
        raise NotAFormError("a broken escape")
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=200)
    except ValueError:
        raise NotAFormError("not UTF-8, or too many fields") from None
    filled = [(name, value) for name, value in pairs if value and name.lower() not in _INSTRUCTIONS]
    known = {ours: value for ours, names in _NAMES.items() for value in _first(filled, names)}
    others = [f"{name}: {value}" for name, value in filled if value not in _taken(known, name.lower())]
    message = "\n".join(filter(None, [known.get("message"), *others]))
    return {"subject": "Message from the form"} | known | {"message": message}


def _first(filled: list[tuple[str, str]], names: tuple[str, ...]) -> list[str]:
    """The first value of the first name that has one, or nothing."""
    return [value for wanted in names for name, value in filled if name.lower() == wanted][:1]


def _taken(known: dict[str, str], name: str) -> list[str]:
    """The value that stands in a field of ours already, if that is what the name is for."""
    return [known[ours] for ours, names in _NAMES.items() if name in names and ours in known]
