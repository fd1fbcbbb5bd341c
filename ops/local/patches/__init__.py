"""Mends for moto 5.2.5. Each module states what it mends; tests/contract/test_moto_*.py watch them."""

import functools

from ops.local.patches import (
    action,
    dynamodb,
    executions,
    instances,
    interpreter,
    invoke,
    sns,
    sqs,
    transformer,
)


@functools.cache
def apply() -> None:
    """Mend moto in this process, once; there is no way back."""
    for patch in (action, instances, sqs, sns, dynamodb, invoke, interpreter, executions, transformer):
        patch.apply()
