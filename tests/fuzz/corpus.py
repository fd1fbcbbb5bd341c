"""Bodies that nobody sane sends, made from a seed: JSON's edges, SES events bent out of shape, unicode, noise.

The kinds follow https://github.com/nst/JSONTestSuite (n_, i_) and the documented SES events.
"""

import json
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.fakes import ses_events
from tests.fakes.records import SUBMISSION
from tests.fuzz import plain_forms

_ID = "3f0e6c1a-0b2d-4c5e-8f90-a1b2c3d4e5f6"
_EDGES = (
    *(
        "",
        " ",
        "\ufeff{}",
        "null",
        "true",
        "1",
        '"a"',
        "[]",
        "{}",
        "[1,]",
        "{,}",
        '{"a"}',
        '{"a":1,}',
        "{'a':1}",
    ),
    *(
        "NaN",
        "-Infinity",
        '{"a":NaN}',
        '{"a":1e999}',
        '{"a":-0}',
        '{"a":01}',
        '{"a":.1}',
        '{"a":1e400}',
        "+1",
    ),
    *('{"a":"\\ud800"}', '{"\\udfff":1}', '{"a":"\\u0000"}', '{"a":"\x00"}', '{"a":1,"a":2}', '{"a":"\\x"}'),
    *(
        "[" * 200,
        "[" * 100_000,
        '{"a":' * 5_000,
        "[" * 500 + "]" * 500,
        "1" * 5_000,
        '{"a":' + "9" * 5_000 + "}",
    ),
    *("\ud800", "a\udfff", "\x00", "\u2028", "{}\n{}", "//{}", "{}#", '{"__proto__":1}', '{"a":1}' * 3),
    *('{"messageId":"x","reason":""}', '{"messageId":"../x","reason":"y"}', '{"messageId":1,"reason":"y"}'),
    *(
        '{"Type":"Notification"}',
        '{"Type":"Notification","Message":"{}"}',
        '{"Type":"Notification","Message":1}',
        '{"Type":"Notification","MessageId":"a","Timestamp":"2026-11-25T03:00:00.123Z","Message":"{}"}',
    ),
    "Successfully validated SNS topic for Amazon SES event publishing.",
)
_NASTY = (
    *(
        "\u202e",
        "\u2066",
        "\u0085",
        "\ud83d\ude00",
        "\U0001f468\u200d\U0001f469",
        "e\u0301" * 40,
        "\ufffe",
        "\uffff",
    ),
    *(
        "=?utf-8?q?x=0D=0ABcc=3A_a=40b=2Ec?=",
        "a\r\nBcc: x@y.z",
        "\x1b[2J",
        "%0d%0a",
        "{{7*7}}",
        "<script>",
        "'--",
    ),
    *(
        "a@b",
        "a@b.c",
        "a" * 65 + "@x.yz",
        "a@" + "b" * 64 + ".cd",
        "a@\u00fcber.example",
        "a@xn--.example",
        "@",
    ),
    *(
        "a@\u3002.\u3002",
        "a@\u0130.example",
        "a@" + "\u00df" * 60 + ".de",
        "a..b@c.de",
        '"a b"@c.de',
        "\u0661" * 5,
    ),
)
_VALUES: tuple[Any, ...] = (None, True, 0, -1, 2**63, 10**400, 1.5, "", "x", [], {}, [[]], {"a": {}}, *_NASTY)


@dataclass
class Corpus:
    random: Random

    def body(self) -> str:
        make = self.random.choice(
            (
                self._edge,
                self._submission,
                self._submission,
                self._event,
                self._event,
                self._form,
                self._form,
                self._noise,
                self._splice,
            )
        )
        return make()

    def task(self) -> Any:
        """What SendEmail might be invoked with."""
        return self.random.choice(
            ({"messageId": self.random.choice((_ID, *_NASTY))}, self._bent({"messageId": _ID}))
        )

    def attributes(self) -> dict[str, str]:
        names = ("messageId", "requestId", "receivedAt", "origin", "sourceIp", "other")
        values = (_ID, "", "1795514400123", "9" * 16, "-1", *_NASTY)
        return {name: self.random.choice(values) for name in names if self.random.random() < 0.4}

    def _edge(self) -> str:
        return self.random.choice(_EDGES)

    def _submission(self) -> str:
        optional = {
            "name": "Ann",
            "submissionId": _ID,
            "website": "",
            "fillMilliseconds": 5000,
            "stamp": "0a",
        }
        return self._text(self._bent(SUBMISSION | optional))

    def _form(self) -> str:
        text = plain_forms.envelope(self.random, _NASTY)
        return self._spliced(text) if self.random.random() < 0.1 else text

    def _event(self) -> str:
        name = self.random.choice(sorted(ses_events.PARTS))
        event = self._bent(deepcopy(ses_events.event(name, _ID)))
        text = self._text(event)
        return json.dumps({"Type": "Notification", "Message": text}) if self.random.random() < 0.1 else text

    def _bent(self, document: dict[str, Any]) -> dict[str, Any]:
        """Delete, replace or add up to three fields, at any depth."""
        for _ in range(self.random.randrange(4)):
            place: Any = document
            while True:
                key = self.random.choice(sorted(place)) if isinstance(place, dict) and place else None
                if key is None or not isinstance(place[key], dict) or self.random.random() < 0.3:
                    break
                place = place[key]
            if key is None:
                continue
            if self.random.random() < 0.4:
                del place[key]
            else:
                place[self.random.choice((key, key, "extra"))] = deepcopy(self.random.choice(_VALUES))
        return document

    def _text(self, document: dict[str, Any]) -> str:
        text = json.dumps(document, ensure_ascii=self.random.random() < 0.5)
        return self._spliced(text) if self.random.random() < 0.2 else text

    def _noise(self) -> str:
        return self.random.randbytes(self.random.randrange(60)).decode(
            self.random.choice(("latin-1", "utf-8")), "replace"
        )

    def _splice(self) -> str:
        return self._spliced(
            self.random.choice((self._edge(), ses_events.body("Bounce", _ID), json.dumps(SUBMISSION)))
        )

    def _spliced(self, text: str) -> str:
        """Cut a piece out, or put another in."""
        a, b = sorted(self.random.randrange(len(text) + 1) for _ in range(2))
        return (
            text[:a]
            + self.random.choice(("", "", *_NASTY, text[a : a + 20] * 2))
            + text[b if b - a < 40 else a :]
        )
