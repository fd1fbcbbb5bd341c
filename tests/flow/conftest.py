from collections.abc import Iterator

import pytest

from tests.flow.stack import LocalStack, started


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    """One local stack for all tests that only add messages to it."""
    with started() as running:
        yield running
