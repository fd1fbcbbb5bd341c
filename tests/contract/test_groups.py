"""The runner keeps its word: what shares a stack, a build or a browser runs on one worker."""

import os

import pytest


@pytest.mark.xdist_group("sam")
def test_a_group_of_tests_stays_on_one_worker(request: pytest.FixtureRequest) -> None:
    alone = "PYTEST_XDIST_WORKER" not in os.environ
    assert alone or request.node.nodeid.endswith("@sam")
