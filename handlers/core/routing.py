"""A message's form → where its mail goes, and in which language. The message itself never says an address."""

from handlers.errors import PermanentSendError
from schemas.forms import DEFAULT_LANGUAGE, Form, Forms, Language
from schemas.record import MessageRecord


def find(forms: Forms, form_id: str) -> Form | None:
    """The form of that id, the first one if none was named. None: unknown, or the stack has no file of forms."""
    if not form_id:
        return forms[0] if forms else None
    return next((form for form in forms if form.id == form_id), None)


def language(forms: Forms, form_id: str) -> Language:
    form = find(forms, form_id)
    return form.language if form else DEFAULT_LANGUAGE


def recipient(forms: Forms, record: MessageRecord, owner: str) -> str:
    """The address for the next attempt; `owner` is that of a stack without forms.

    Raises PermanentSendError when there is none: a person decides, and the message stays.
    """
    form = find(forms, record.form)
    if form is None and not record.form and not record.recipient:
        return owner
    if form is None:
        raise PermanentSendError("UnknownForm")
    if record.recipient and not form.fallback:
        raise PermanentSendError("NoFallbackAddress")
    return form.fallback if record.recipient else form.owner


def whose(forms: Forms, address: str) -> str:
    """How an alarm names an address without spelling it."""
    owned = [form.id for form in forms if form.owner == address]
    second = [form.id for form in forms if form.fallback == address]
    if owned or not second:
        return f"the owner's address{_of(owned)}"
    return f"the fallback address{_of(second)}"


def _of(form_ids: list[str]) -> str:
    return f" of {' and '.join(form_ids)}" if form_ids else ""
