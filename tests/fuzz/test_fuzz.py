"""`python -m tests.fuzz --inputs 1000000` is the long run of the same."""

import pytest

from handlers import settings
from handlers.aws import clients
from tests.fuzz import runs
from tests.fuzz.wire import ENVIRONMENT

_CLIENTS = (
    clients.dynamodb,
    clients.stepfunctions,
    clients.sqs,
    clients.sns,
    clients.ses,
)  # their caches must go


def test_no_input_raises_out_of_a_reader_or_a_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    caches = (settings.load, *_CLIENTS)
    for cached in caches:
        cached.cache_clear()
    found = runs.run(seed=1, inputs=10_000)
    for cached in caches:
        cached.cache_clear()
    assert found.problems == []
    assert found.whole >= 500
