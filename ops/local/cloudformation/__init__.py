"""The resource types that moto's CloudFormation lacks or makes wrongly."""

from moto.cloudformation import parsing
from moto.core.common_models import CloudFormationModel

from ops.local.cloudformation import api, catalogue, mail
from ops.local.cloudformation.resource import model

_models: list[type[CloudFormationModel]] = []


def register() -> None:
    """Teach moto every type of the catalogue and forget what an earlier stack left behind."""
    mail.forget_event_destinations()
    api.forget_stages()
    if _models:
        return
    _models.extend(model(kind, name, create) for kind, (name, create) in catalogue.ADDED.items())
    _models.extend(model(kind, "", catalogue.without_effect) for kind in catalogue.WITHOUT_EFFECT)
    for remembered in (parsing.get_model_list, parsing.get_model_map, parsing.get_name_type_map):
        remembered.cache_clear()
