"""What `POST /form` may put into the queue: texts that no browser makes, wrapped as the gateway does or nearly so."""

import base64
import json
from random import Random
from typing import Any
from urllib.parse import quote_plus

#: the most that the gateway takes, in bytes of a text that is ASCII
LONGEST = 50_000
_NAMES = (
    *(
        "email",
        "_replyto",
        "replyto",
        "subject",
        "_subject",
        "name",
        "message",
        "website",
        "_gotcha",
        "botcheck",
    ),
    *(
        "_next",
        "redirect",
        "form-name",
        "access_key",
        "Email",
        "form",
        "submissionId",
        "",
        "other",
        "\x00",
        "é",
    ),
)
_BROKEN = (
    *(b"%", b"%%", b"%z", b"%e", b"%0", b"%u2028", b"%ff", b"%C3", b"%C3%28", b"%ED%A0%80", b"%F4%90%80%80"),
    *(
        b"%00",
        b"\x00",
        b"\xff",
        b"\xc3\x28",
        b"\xed\xa0\x80",
        b"\xe2\x80\xa8",
        b"+",
        b"=",
        b"==",
        b"&&",
        b";",
    ),
    *(b"%0d%0aBcc:+x@y.z", b"%3D%3Fu%3F", b"%E2%80%AE", b"%EF%BF%BE", b"\r\n", b"#", b"?"),
)
_MANY = (199, 200, 201, 5_000)
_FORMS: tuple[Any, ...] = ("", "sales", "-", "Sales", "a" * 33, "a\n", "\u202e", None, 1, [], {}, True)
_WRAPPED: tuple[Any, ...] = (None, 1, "", "!", "=", "YQ=", "YQ", "/w==", "7aCA", [], {}, "\ud800", "é")


def envelope(random: Random, values: tuple[str, ...]) -> str:
    """A message of the intake queue; `values` are texts that are hard to carry."""
    text = random.choice((_fields, _fields, _broken, _many, _noise))(random, values)[:LONGEST]
    document: dict[str, Any] = {"urlencoded": base64.b64encode(text).decode()}
    if random.random() < 0.3:
        document["form"] = random.choice(_FORMS)
    if random.random() < 0.1:
        document["urlencoded"] = random.choice(_WRAPPED)
    if random.random() < 0.05:
        document["extra"] = random.choice(values)
    return json.dumps(document)


def _fields(random: Random, values: tuple[str, ...]) -> bytes:
    filled = {"email": "ann@example.com", "message": "Hi"}
    for _ in range(random.randrange(5)):
        filled[random.choice(_NAMES)] = random.choice(values) * random.choice((1, 1, 1, 400))
    return "&".join(f"{quote_plus(n)}={quote_plus(v, errors='replace')}" for n, v in filled.items()).encode()


def _broken(random: Random, values: tuple[str, ...]) -> bytes:
    text = _fields(random, values)
    for _ in range(random.randrange(1, 4)):
        place = random.randrange(len(text) + 1)
        text = text[:place] + random.choice(_BROKEN) * random.choice((1, 1, 2, 300)) + text[place:]
    return text


def _many(random: Random, values: tuple[str, ...]) -> bytes:
    pair = f"{quote_plus(random.choice(_NAMES))}={quote_plus(random.choice(values), errors='replace')}"
    return "&".join([pair] * random.choice(_MANY)).encode()


def _noise(random: Random, _: tuple[str, ...]) -> bytes:
    return random.randbytes(random.randrange(200))
