"""What we write in mails, by language: the labels around a visitor's words, and the acknowledgement."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.forms import Language


@dataclass(frozen=True)
class Words:
    sender: str
    subject: str
    reference: str
    answer: str
    acknowledgement_subject: str
    acknowledgement_text: str


WORDS: Mapping[Language, Words] = {
    "en": Words(
        sender="From",
        subject="Subject",
        reference="Reference",
        answer="Answer this mail to write to the sender.",
        acknowledgement_subject="We have received your message",
        acknowledgement_text="""Thank you for writing to us. Your message has arrived and a person will read it.

You do not need to answer this mail. If you did not write to us, someone gave your address by mistake,
and you can ignore it; you will get no more than one such mail a day.
""",
    ),
    "de": Words(
        sender="Von",
        subject="Betreff",
        reference="Vorgang",
        answer="Antworten Sie auf diese Mail, um dem Absender zu schreiben.",
        acknowledgement_subject="Ihre Nachricht ist angekommen",
        acknowledgement_text="""Danke für Ihre Nachricht. Sie ist angekommen, und ein Mensch wird sie lesen.

Sie müssen auf diese Mail nicht antworten. Wenn Sie uns nicht geschrieben haben, hat jemand Ihre Adresse aus Versehen
angegeben; dann können Sie diese Mail übergehen. Mehr als eine solche Mail am Tag bekommen Sie nicht.
""",
    ),
}
