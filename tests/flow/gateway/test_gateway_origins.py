"""The API of a stack with several forms: each page's origin is answered, and no other."""

import json
from collections.abc import Callable, Iterator

import httpx
import pytest

from ops.local import cloud, stack
from ops.local.gateway.process import GatewayProcess
from tests.fakes.aws_endpoint import Received, RecordingEndpoint, Reply

FIRST, SECOND = "https://shop.example.com", "https://jobs.example.com:8443"
UUID = "6f1c1d3e-9a4b-4c2d-8e5f-0a1b2c3d4e5f"
PLAIN = {"email": "ann@example.com", "subject": "Hello", "message": "Hi"}
PARAMETERS = {
    "SenderAddress": "s@example.com",
    "OwnerAddress": "o@example.com",
    "AllowedOrigin": FIRST,
    "FormOrigins": f"{FIRST},{SECOND}",
    "FormPages": f"shop={FIRST},jobs={SECOND}",
    "ThankYouPages": f"{FIRST}/danke,{SECOND}/done?lang=de",
}
FOREIGN = [
    "",
    ",",
    "https://evil.example",
    f"{FIRST},{SECOND}",
    SECOND.removesuffix("3"),
    f"{SECOND}.evil.example",
    "null",
    "$a",
]
Ask = Callable[[str, str], httpx.Response]


@pytest.fixture(scope="module")
def api(start: Callable[..., GatewayProcess], endpoint: RecordingEndpoint) -> Iterator[httpx.Client]:
    running = cloud.start()
    try:
        created = stack.create(PARAMETERS)
    finally:
        running.stop()
    gateway = start(endpoint.url, definition=created.api_definition, stage=created.stage)
    with httpx.Client(base_url=f"{gateway.api}/{created.stage}", timeout=30) as client:
        yield client


@pytest.fixture
def ask(api: httpx.Client, endpoint: RecordingEndpoint) -> Ask:
    """Every answer that comes through an integration, by its name."""

    def asked(name: str, origin: str) -> httpx.Response:
        headers = {"Origin": origin} if origin else {}
        item = {"Item": {"status": {"S": "sent"}}} if name == "status" else {}
        status = {"stored": 200, "status": 200, "unknown": 200, "refused": 400}.get(name, 503)
        endpoint.reply = lambda _: Reply(status, json.dumps(item).encode(), {})
        if name.startswith("preflight"):
            return api.options(name.removeprefix("preflight "), headers=headers)
        if name in ("status", "unknown"):
            return api.get(f"/messages/{UUID}", headers=headers)
        return api.post("/sendEmail", json=PLAIN, headers=headers)

    return asked


ANSWERS = {
    "stored": 202,
    "refused": 500,
    "unavailable": 503,
    "status": 200,
    "unknown": 404,
    "preflight /sendEmail": 204,
    "preflight /messages/m1": 204,
}


@pytest.mark.parametrize(("name", "status"), ANSWERS.items())
def test_the_asking_page_s_origin_is_answered_if_it_is_one_of_ours(ask: Ask, name: str, status: int) -> None:
    for origin in (FIRST, SECOND):
        answer = ask(name, origin)
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == origin
        assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", FOREIGN)
def test_another_origin_is_never_answered(ask: Ask, origin: str) -> None:
    for name in ANSWERS:
        assert ask(name, origin).headers["access-control-allow-origin"] == FIRST


def test_every_page_may_read_the_fixed_words_of_the_gateway_s_own_errors(api: httpx.Client) -> None:
    for answer in (
        api.post("/sendEmail", json={}, headers={"Origin": SECOND}),
        api.get("/nothing", headers={"Origin": SECOND}),
        api.post("/sendEmail", content="x", headers={"Origin": SECOND, "Content-Type": "text/plain"}),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.json().keys() == {"error", "message", "requestId"}


@pytest.mark.parametrize(
    ("path", "chosen", "page"),
    [
        ("/form", "", f"{FIRST}/thanks.html"),
        ("/form/shop", "", f"{FIRST}/thanks.html"),
        ("/form/jobs", "", f"{SECOND}/thanks.html"),
        ("/form/press", "", f"{FIRST}/thanks.html"),
        ("/form/jobs", f"{FIRST}/danke", f"{FIRST}/danke"),
        ("/form/shop", f"{SECOND}/done?lang=de", f"{SECOND}/done?lang=de"),
        ("/form/jobs", f"{FIRST}/done?lang=de", f"{SECOND}/thanks.html"),
    ],
)
def test_a_plain_form_s_visitor_goes_to_its_own_page_or_one_of_the_list(
    api: httpx.Client, received: list[Received], path: str, chosen: str, page: str
) -> None:
    answer = api.post(path, data={"_next": chosen} if chosen else {"message": "Hi"})
    assert (answer.status_code, answer.headers["location"].partition("#")[0]) == (303, page)
    assert len(received) == 1


def test_a_script_of_any_form_s_page_may_read_the_plain_form_s_answers(ask: Ask, api: httpx.Client) -> None:
    for origin in (FIRST, SECOND):
        for name in ("stored", "refused", "unavailable"):
            ask(name, origin)
            answer = api.post(
                "/form/jobs", data={"a": "b"}, headers={"Origin": origin, "Accept": "application/json"}
            )
            assert answer.headers["access-control-allow-origin"] == origin
            assert answer.json().keys() <= {"status", "messageId", "error", "message", "requestId"}
        assert ask("preflight /form/jobs", origin).headers["access-control-allow-origin"] == origin
