"""A plain HTML form's text, as `POST /form` wraps it for the queue → the fields of a submission."""

import base64
import re
from typing import Any
from urllib.parse import parse_qsl

#: The one key of the wrapped message; its value is the base64 of what was posted, which XML might not carry.
ENVELOPE = {"urlencoded"}
_BROKEN_ESCAPE = re.compile("%(?![0-9a-fA-F]{2})")
# Names of Formspree, Netlify, Web3Forms and Basin beside our own. What both name is the first that was filled.
_NAMES = {
    "email": "email",
    "_replyto": "email",
    "replyto": "email",
    "subject": "subject",
    "_subject": "subject",
    "name": "name",
    "message": "message",
    "_gotcha": "website",
    "botcheck": "website",
    "website": "website",
}
#: Instructions to a hosted service. They are no part of the message, and no address in them is followed.
_INSTRUCTIONS = {"_next", "redirect", "form-name", "access_key"}


class NotAFormError(ValueError):
    """The text is not what a browser makes of a form. Says why, never quotes."""


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
    known: dict[str, str] = {}
    others = []
    for name, value in pairs:
        target = _NAMES.get(name)
        if not value or name in _INSTRUCTIONS:
            continue
        if target and known.setdefault(target, value) == value:
            continue
        others.append(f"{name}: {value}")
    message = "\n".join(filter(None, [known.get("message"), *others]))
    return {"subject": "Message from the form"} | known | {"message": message}
