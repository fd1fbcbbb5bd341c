"""`python -m tests.fuzz --inputs 1000000` is the long run of the same."""

import pytest

from tests.fakes import aws_clients
from tests.fuzz import runs
from tests.fuzz.wire import ENVIRONMENT


def test_no_input_raises_out_of_a_reader_or_a_handler(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    aws_clients.forget()
    found = runs.run(seed=1, inputs=10_000)
    aws_clients.forget()
    assert found.problems == []
    assert found.whole >= 500
