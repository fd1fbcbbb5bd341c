import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.core.content_rules import DISPOSABLE_DOMAINS, PHRASES, RULES, reason_to_hold
from schemas.submission import Submission
from schemas.workflow import ReviewMessage

LIMIT = 5
PLAIN = {"email": "ann@example.com", "subject": "A question", "message": "Do you ship to Norway?"}
CYRILLIC_A = "\u0430"


def reason(message: str, limit: int = LIMIT, **changed: str) -> str | None:
    return reason_to_hold(Submission.model_validate(PLAIN | {"message": message} | changed), limit)


ORDINARY = [
    "Do you ship to Norway?",
    "Hi, I saw https://example.com/a and https://example.com/b. Which one do you advise?",
    "https://example.com/broken?x=1",
    "Please call me back: +47 22 22 22 22, order 4711-AB. Thank you!",
    "Guten Tag, ich suche ein Geschenk für meine Mutter. Ist Größe 38 noch da? Viele Grüße, Jörg",
    "Bonjour, votre page https://example.com/é ne s'ouvre pas. Merci !",
    "WHERE IS MY ORDER?",
    "WHERE IS MY ORDER? I HAVE BEEN WAITING FOR THREE WEEKS NOW!!!!!!!!!!!!!!!!!!!!",
    "The width is 10 \u03bcm, \u0394x = 3, so 2\u03c0r is 19.",
    "Здравствуйте! Вы доставляете в Осло?",
    "Γεια σας, στέλνετε στην Αθήνα;",
    "שלום, אתם שולחים לאוסלו?",
    "مرحبا، هل ترسلون إلى أوسلو؟",
    "こんにちは。オスロに発送できますか。",
    "👩\u200d👩\u200d👧 family of three",
    "a\n----------------------------\nb\n============================",
    'My page has <a href="https://example.com"> and it does not work.',
    "Our team offers an SEO service; is this the right place to ask for a partnership?",
    "Is the casino in your town open on Sunday?",
    "&" * 1000,
]
SPAM = [
    ("[url=https://x.example]pills[/url]", "bbcode"),
    ("We offer SEO service: first page of Google, 10,000 backlinks, click here", "phrases"),
    ("Auf Platz 1 bei Google! Geld verdienen, jetzt zugreifen!", "phrases"),
    (" ".join(f"https://x{n}.example" for n in range(6)), "many_links"),
    (f"P{CYRILLIC_A}yPal: confirm at https://bit.ly/x", "look_alikes"),
    ("https://bit.ly/x", "link_only"),
    ("https://a.example https://b.example https://c.example", "links"),
]


@pytest.mark.parametrize("message", ORDINARY)
def test_what_people_write_passes(message: str) -> None:
    assert reason(message) is None


@pytest.mark.parametrize(("message", "rule"), SPAM)
def test_what_bots_write_is_held_and_the_reason_names_the_rule(message: str, rule: str) -> None:
    found = reason(message)
    assert found
    assert rule in found.partition(":")[2].split(",")


def test_a_link_for_a_name_is_held() -> None:
    assert reason("Hello", name="Win at www.example.com") == "content_score_5:name_link"


def test_a_limit_of_zero_holds_nothing() -> None:
    assert reason("[url=x] <a href=x> casino viagra cialis", limit=0) is None


def test_a_higher_limit_holds_less() -> None:
    held = [reason("[url=https://x.example]", limit=limit) is not None for limit in (1, 5, 8, 9)]
    assert held == [True, True, True, False]


def test_every_rule_can_apply_and_the_longest_reason_fits_a_review_message() -> None:
    loud = " BUY NOW" * 40
    everything = (
        f"[url=x] <a href=x> P{CYRILLIC_A}y a\u200bb https://bit.ly/x zzzzzzzzzzzzz"
        + " www.x" * 6
        + " CASINO VIAGRA CIALIS"
        + loud
    )
    whole = reason(everything, limit=1, name="www.x", email="x@yopmail.com")
    only_link = reason("https://x.example", limit=1)
    assert whole
    assert ReviewMessage(messageId="m", reason=whole).reason.startswith("content_score_")
    points = sum(rule.points for rule in RULES if rule.name != "link_only")
    assert whole.startswith(f"content_score_{points}:")
    assert only_link == "content_score_3:link_only"


def test_only_what_nobody_writes_by_chance_holds_alone() -> None:
    assert {rule.name for rule in RULES if rule.points >= LIMIT} == {"bbcode", "name_link", "phrases"}


def test_the_phrases_are_written_as_they_are_compared() -> None:
    assert all(phrase == " ".join(phrase.casefold().split()) for phrase in PHRASES)
    assert all(domain == domain.lower() for domain in DISPOSABLE_DOMAINS)


@given(st.text(min_size=1, max_size=1000), st.integers(1, 100))
def test_no_text_raises_and_every_reason_can_be_written_down(text: str, limit: int) -> None:
    submission = Submission.model_construct(email=text, subject=text[:100], message=text, name=text[:100])
    found = reason_to_hold(submission, limit)
    assert found is None or ReviewMessage(messageId="m", reason=found).reason == found
