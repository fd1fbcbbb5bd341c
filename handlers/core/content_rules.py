r"""What makes a text look like spam, as points: a message that has too many waits for a person, with the reason.

Every rule reads the text once, and a text has at most 1,200 characters (schemas/submission.py), so no message
is dear. No pattern repeats a repetition. Letters that look like others are escaped: this file is ASCII.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from schemas.submission import Submission

_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"\]]*", re.IGNORECASE)
_BBCODE = re.compile(r"\[(?:url|link|img|b)[=\]]", re.IGNORECASE)
_HTML = re.compile(r"<(?:a|img|iframe|script|form)[\s>]", re.IGNORECASE)
_SHORTENER = re.compile(
    r"\b(?:bit\.ly|cutt\.ly|goo\.gl|is\.gd|ow\.ly|rb\.gy|t\.ly|t\.me|tinyurl\.com|wa\.me)/", re.IGNORECASE
)
# Characters that people draw lines with may repeat.
_REPEATED = re.compile(r"([^\s\-=_*.#~])\1{11}")
# Without the joiners U+200C and U+200D, which Persian and emoji need.
_INVISIBLE = re.compile("\\w[\u00ad\u200b\u2060\ufeff]\\w")
# Cyrillic, then Greek letters in the shapes of Latin ones; not those that units and formulas use:
# https://www.unicode.org/Public/security/latest/confusables.txt
_LOOK_ALIKES = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0410\u0412\u0415\u041a\u041c\u041d\u041e"
    "\u0420\u0421\u0422\u0425\u0405\u0406\u0408\u03bf\u03bd\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c"
    "\u039d\u039f\u03a1\u03a4\u03a7"
)
_MIXED = re.compile(f"[A-Za-z][{_LOOK_ALIKES}]|[{_LOOK_ALIKES}][A-Za-z]")

#: In lower case, with single spaces. One of them proves nothing; three in one message do.
PHRASES = (
    "100% free",
    "act now",
    "backlink",
    "bitcoin investment",
    "buy followers",
    "casino",
    "cheap price",
    "cialis",
    "claim your",
    "click here",
    "crypto investment",
    "dear sir/madam",
    "domain authority",
    "earn money",
    "first page of google",
    "guaranteed ranking",
    "guest post",
    "increase your traffic",
    "limited time offer",
    "make money online",
    "million dollars",
    "no obligation",
    "passive income",
    "payday loan",
    "search engine ranking",
    "seo service",
    "viagra",
    "weight loss",
    "work from home",
    "you have won",
    "abnehmen ohne",
    "auf platz 1 bei google",
    "bitcoin investieren",
    "geld verdienen",
    "gewinnbenachrichtigung",
    "hier klicken",
    "jetzt zugreifen",
    "klicken sie hier",
    "kredit ohne schufa",
    "kostenlos und unverbindlich",
    "passives einkommen",
    "potenzmittel",
    "sie haben gewonnen",
    "sofortkredit",
    "top-ranking",
)
#: Mailboxes that anyone gets for some minutes; a person may have a reason to use one, so it is a hint only.
DISPOSABLE_DOMAINS = frozenset(
    {
        "10minutemail.com",
        "dispostable.com",
        "emailondeck.com",
        "fakeinbox.com",
        "getnada.com",
        "guerrillamail.com",
        "maildrop.cc",
        "mailinator.com",
        "moakt.com",
        "sharklasers.com",
        "temp-mail.org",
        "tempmail.com",
        "throwawaymail.com",
        "trashmail.com",
        "wegwerfemail.de",
        "yopmail.com",
    }
)


@dataclass(frozen=True)
class Text:
    """A submission, with what several rules count in it."""

    submission: Submission

    @cached_property
    def words(self) -> str:
        return f"{self.submission.subject}\n{self.submission.message}"

    @cached_property
    def links(self) -> int:
        return len(_LINK.findall(self.words))

    @cached_property
    def phrases(self) -> int:
        plain = " ".join(self.words.casefold().split())
        return sum(phrase in plain for phrase in PHRASES)

    @property
    def is_only_a_link(self) -> bool:
        rest = _LINK.sub("", self.submission.message)
        return self.links > 0 and sum(character.isalpha() for character in rest) < 10  # noqa: PLR2004 - two words

    @property
    def shouts(self) -> bool:
        """Four of five letters are capitals, and it is more than a name or an order number."""
        cased = [character for character in self.submission.message if character.lower() != character.upper()]
        return len(cased) >= 30 and sum(map(str.isupper, cased)) * 5 > len(cased) * 4  # noqa: PLR2004 - see above


@dataclass(frozen=True)
class Rule:
    name: str
    points: int
    applies: Callable[[Text], object]


#: With the default limit of 5, no rule below 5 points holds a message alone.
RULES = (
    Rule("bbcode", 5, lambda text: _BBCODE.search(text.words)),
    Rule("name_link", 5, lambda text: _LINK.search(text.submission.name)),
    Rule("phrases", 5, lambda text: text.phrases > 2),  # noqa: PLR2004 - this table is where such numbers live
    Rule("html", 4, lambda text: _HTML.search(text.words)),
    Rule("look_alikes", 4, lambda text: _MIXED.search(text.words)),
    Rule("link_only", 3, lambda text: text.is_only_a_link),
    Rule("links", 3, lambda text: text.links > 2),  # noqa: PLR2004 - as above
    Rule("many_links", 3, lambda text: text.links > 5),  # noqa: PLR2004 - as above
    Rule("invisible", 3, lambda text: _INVISIBLE.search(text.words)),
    Rule("phrase", 2, lambda text: text.phrases > 0),
    Rule("shortener", 2, lambda text: _SHORTENER.search(text.words)),
    Rule("repeated", 2, lambda text: _REPEATED.search(text.words)),
    Rule("shouting", 2, lambda text: text.shouts),
    Rule(
        "disposable", 2, lambda text: text.submission.email.rpartition("@")[2].lower() in DISPOSABLE_DOMAINS
    ),
)
#: rules named in a reason, which has at most 100 characters
_NAMED = 5


def reason_to_hold(submission: Submission, limit: int) -> str | None:
    """`content_score_7:bbcode,phrase` once the points reach the limit; a limit of 0 asks for nothing."""
    if limit == 0:
        return None
    text = Text(submission)
    broken = [rule for rule in RULES if rule.applies(text)]
    score = sum(rule.points for rule in broken)
    if score < limit:
        return None
    return f"content_score_{score}:{','.join(rule.name for rule in broken[:_NAMED])}"
