"""moto keeps every instance of every model for ever, for a dashboard this project does not serve.

Each message, execution and mail would stay in memory after it is deleted.
"""

from moto.core.common_models import BaseModel


def apply() -> None:
    BaseModel.__new__ = _untracked


def _untracked(cls: type[BaseModel], *_arguments: object, **_named: object) -> BaseModel:
    made: BaseModel = object.__new__(cls)
    return made
