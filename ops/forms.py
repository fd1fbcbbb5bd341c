"""A stack's forms outside its functions: as parameters, and as the addresses that an operator may choose from."""

from dataclasses import dataclass

from handlers.core import routing
from schemas.forms import Forms, line
from schemas.record import MessageRecord


@dataclass(frozen=True)
class Target:
    """Which of a stack's addresses a message is to be sent to, as its record says it."""

    form: str
    recipient: str


def parameters(forms: Forms) -> dict[str, str]:
    """What a stack must be given so that it has these forms; the first is that of posts which name none."""
    addresses = dict.fromkeys(address for form in forms for address in form.addresses)
    origins = dict.fromkeys(form.origin for form in forms)
    return {
        "OwnerAddress": forms[0].owner,
        "AllowedOrigin": forms[0].origin,
        "Forms": line(forms),
        "FormAddresses": ",".join(addresses),
        "FormOrigins": ",".join(origins) if len(origins) > 1 else "",
        "FormPages": ",".join(f"{form.id}={form.origin}" for form in forms),
    }


def at(forms: Forms, origin: str) -> Forms:
    """The same forms on one page, as on a laptop."""
    return tuple(form.model_copy(update={"origin": origin}) for form in forms)


def has(forms: Forms, record: MessageRecord) -> bool:
    """Whether the stack knows the message's form."""
    return not record.form or routing.find(forms, record.form) is not None


def target(forms: Forms, owner: str, record: MessageRecord, address: str) -> Target | None:
    """Where `address` stands among those that the message may go to; None: it is none of them.

    A message of an unknown form may go to any form's, and is that form's from then on.
    """
    known = routing.find(forms, record.form)
    if not forms:
        return Target("", "") if address == owner else None
    for form in (known,) if known else forms:
        if address in form.addresses:
            recipient = "" if address == form.owner else "fallback"
            return Target(record.form if known else form.id, recipient)
    return None
