"""The forms of one stack: which owner gets what is sent from which page. A deployer's file, and one line of it.

The line is what the stack's parameter Forms holds and the functions read: forms apart by commas, fields by bars, no
blank and no quote, so that no shell, console or sam changes it on the way.
"""

from collections.abc import Iterable
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from handlers.core.address import to_ascii
from schemas.submission import ADDRESS_PATTERN, FORM_ID_PATTERN

#: those that site/texts.json and handlers/core/wording.py know
Language = Literal["en", "de"]
LANGUAGES: tuple[str, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "en"

# Fewer characters than a visitor's address may have: these stand in an IAM policy, where * ? and $ mean more than
# themselves, and in the line, where | and , part.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OWN_ADDRESS = rf"(?=[^*?$|{{}}`]+$){ADDRESS_PATTERN[1:]}"
ORIGIN_PATTERN = r"^(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?$(?!\n)"
Address = Annotated[str, Field(max_length=254, pattern=rf"^{_OWN_ADDRESS}"), AfterValidator(to_ascii)]
MaybeAddress = Annotated[
    str,
    Field(max_length=254, pattern=rf"^$(?!\n)|^{_OWN_ADDRESS}"),
    AfterValidator(lambda address: address and to_ascii(address)),
]


class Form(BaseModel):
    """One form. Raises ValidationError for what it does not know, such as a misspelt key."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        regex_engine="python-re",
        defer_build=True,
    )

    id: Annotated[str, Field(pattern=rf"^{FORM_ID_PATTERN}$(?!\n)")]
    owner: Address
    #: a second address that an operator may send a message to when the owner's takes no mail; empty: none
    fallback: MaybeAddress = ""
    #: scheme and host of the page, and its port if it is not the usual one
    origin: Annotated[str, Field(pattern=ORIGIN_PATTERN)]
    #: of what we write to owner and visitor
    language: Language = DEFAULT_LANGUAGE

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.owner, self.fallback) if self.fallback else (self.owner,)

    @model_validator(mode="after")
    def _fallback_is_another(self) -> "Form":
        if self.fallback.lower() == self.owner.lower():
            raise PydanticCustomError(
                "same_address", "fallback: it is the owner's address, and no second one"
            )
        return self


def _once_each(forms: list[Form]) -> list[Form]:
    for number, form in enumerate(forms):
        if form.id in {before.id for before in forms[:number]}:
            raise PydanticCustomError("repeated_id", "id: another form has it", {"number": number})
    return forms


class FormsFile(BaseModel):
    """The whole file. What names no form belongs to the first one."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)

    forms: Annotated[list[Form], Field(min_length=1), AfterValidator(_once_each)]


Forms = tuple[Form, ...]


def line(forms: Iterable[Form]) -> str:
    return ",".join(f"{form.id}|{form.language}|{form.origin}|{form.owner}|{form.fallback}" for form in forms)


def parse(text: str) -> Forms:
    """The line's forms; none for an empty one. Raise ValueError, as ValidationError is one."""
    return tuple(_form(part) for part in text.split(",")) if text else ()


def _form(text: str) -> Form:
    names = ("id", "language", "origin", "owner", "fallback")
    return Form.model_validate(dict(zip(names, text.split("|"), strict=True)))
