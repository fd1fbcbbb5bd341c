from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ops.local.functions import Function
from tests.fakes.lambda_code import Make, configuration


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    made: list[Function] = []
    with (tmp_path / "log").open("ab") as log:

        def function(source: str, **changed: Any) -> Function:
            made.append(Function(configuration(tmp_path, source, **changed), log))
            return made[-1]

        yield function
        for each in made:
            each.stop()
