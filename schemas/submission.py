"""What a visitor's browser sends to `POST /sendEmail`: the one source of the form's and gateway's rules."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

# Four engines read these patterns: Python's `re` (Lambda, local gateway), API Gateway's Java validator, the
# browser's `v`-flag RegExp, cfn-lint. So each is anchored, escapes what the v flag reserves inside a class
# (https://developer.mozilla.org/en-US/docs/Web/HTML/Reference/Attributes/pattern), and spells a surrogate
# pair both ways, since an ECMA engine without the u flag sees two code units where Python sees one
# character. `(?!\n)` closes Python's `$`, which also matches before a final newline.
_PAIR = r"[\ud800-\udbff][\udc00-\udfff]"
# SQS refuses what XML 1.0 cannot carry, so C0, lone surrogates and U+FFFE/FFFF get a 400 here and not a 500
# there: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_TEXT = rf"(?:[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|{_PAIR})*"
# A single line also refuses line separators and bidi controls, which reorder what its reader sees. Marks (U+200E,
# U+200F, U+061C) and joiners turn nothing after them and stay: right-to-left keyboards and emoji need them.
_LINE = rf"(?:[^\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]|{_PAIR})*"
_ATOM = r"[A-Za-z0-9!#$%&'*+\/=?^_`\{\|\}~\-]+"
_LETTER = r"A-Za-z0-9\u00a1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
_LABEL = rf"[{_LETTER}](?:[{_LETTER}\-]{{0,61}}[{_LETTER}])?"

UUID_PATTERN = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
MESSAGE_PATTERN = rf"^(?=[\s\S]*\S){_TEXT}$"
# `=?` opens an encoded word, through which a mail library can be made to write a second header:
# https://github.com/python/cpython/issues/121650
LINE_PATTERN = rf"^(?=.*\S)(?!.*=\?){_LINE}$(?!\n)"
FORM_ID_PATTERN = r"[a-z0-9\-]{1,32}"
ADDRESS_PATTERN = rf"^(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?![0-9]+$){_LABEL}$(?!\n)"


class Submission(BaseModel):
    """One contact message as posted; lengths in characters. Raises ValidationError for unknown fields too."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        hide_input_in_errors=True,
        defer_build=True,
        regex_engine="python-re",
    )

    email: Annotated[str, Field(min_length=6, max_length=254, pattern=ADDRESS_PATTERN)]
    subject: Annotated[str, Field(min_length=1, max_length=100, pattern=LINE_PATTERN)]
    message: Annotated[str, Field(min_length=1, max_length=1000, pattern=MESSAGE_PATTERN)]
    name: Annotated[str, Field(max_length=100, pattern=rf"^$(?!\n)|{LINE_PATTERN}")] = ""
    #: made by the form and kept on its retries; empty: the gateway's request id stands in
    submissionId: Annotated[str, Field(max_length=36, pattern=rf"^(?:{UUID_PATTERN})?$(?!\n)")] = ""
    #: honeypot: a field that people cannot see; whoever fills it is held for review, never refused
    website: Annotated[str, Field(max_length=200, pattern=rf"^{_TEXT}$")] = ""
    #: milliseconds from the first key in the form to the click, as the page measured it; 0: not measured
    fillMilliseconds: Annotated[int, Field(ge=0, le=604_800_000)] = 0
    #: proof of work: a nonce for which sha256("<submissionId>:<nonce>") begins with enough zero bits
    stamp: Annotated[str, Field(max_length=32, pattern=r"^[0-9a-f]*$(?!\n)")] = ""
    #: which of the stack's forms it was sent from; empty: the form that OwnerAddress and AllowedOrigin describe
    form: Annotated[str, Field(max_length=32, pattern=rf"^(?:{FORM_ID_PATTERN})?$(?!\n)")] = ""
