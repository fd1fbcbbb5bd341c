"""Which texts are a person's, by the e-mail address that the person gave."""

import json
import re
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import unquote_plus

import idna

from handlers.core import plain_form, strict_json
from handlers.core.address import UnusableAddressError, to_ascii
from schemas.submission import ADDRESS_PATTERN

_LONGEST = 254


class NotAnAddressError(ValueError):
    """No visitor could have given this address: the form would have refused it."""


class Relation(Enum):
    NONE = auto()
    #: somebody else's message with the address in it
    MENTIONS = auto()
    #: the person's own, or unreadable with the address in it
    THEIRS = auto()


@dataclass(frozen=True)
class Person:
    """Somebody's address in ASCII and lower case, and the pattern that finds it in any spelling."""

    address: str
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, address: str) -> "Person":
        """`Ann@Müller.example`, its punycode and any capitals are one person. Raises NotAnAddressError."""
        if len(address) > _LONGEST or not re.search(ADDRESS_PATTERN, address):
            raise NotAnAddressError(address)
        try:
            plain = to_ascii(address).lower()
        except UnusableAddressError:
            raise NotAnAddressError(address) from None
        local, _, domain = plain.rpartition("@")
        written = f"{local}@{idna.decode(domain)}"
        spellings = {plain, written, json.dumps(written)[1:-1]}
        either = "|".join(re.escape(spelling) for spelling in sorted(spellings))
        # Not within a longer address: joann@example.com, ann@example.com.au.
        return cls(plain, re.compile(rf"(?<![\w.+-])(?:{either})(?![\w-]|\.\w)", re.IGNORECASE))

    def has(self, address: str) -> bool:
        if len(address) > _LONGEST:
            return False
        try:
            return to_ascii(address).lower() == self.address
        except UnusableAddressError:
            return False

    def relation(self, text: str) -> Relation:
        """`text` is a submission as JSON, a plain form as the gateway wraps it, or whatever came instead of one."""
        try:
            document = strict_json.loads(text)
            if plain_form.is_wrapped(document):
                text = plain_form.unwrap(document)
                document = plain_form.fields(text)
        except (strict_json.NotStrictJsonError, plain_form.NotAFormError):
            # What a form cannot be read from spells its address with escapes all the same.
            found = self.pattern.search(text) or self.pattern.search(unquote_plus(text))
            return Relation.THEIRS if found else Relation.NONE
        sender = document.get("email")
        if isinstance(sender, str) and self.has(sender):
            return Relation.THEIRS
        # Written anew, since JSON can spell every character as an escape.
        if not self.pattern.search(json.dumps(document, ensure_ascii=False)):
            return Relation.NONE
        return Relation.MENTIONS if isinstance(sender, str) else Relation.THEIRS
