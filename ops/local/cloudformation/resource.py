"""How a resource type that moto's CloudFormation lacks is added to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from moto.cloudformation.exceptions import UnformattedGetAttTemplateException
from moto.core.common_models import CloudFormationModel


@dataclass(frozen=True)
class Declaration:
    """One resource of the template, its intrinsic functions resolved."""

    logical_id: str
    name: str
    properties: dict[str, Any]
    account: str
    region: str


@dataclass(frozen=True)
class Created:
    """What `Ref` and `Fn::GetAtt` answer for a resource."""

    physical_id: str
    attributes: dict[str, str] = field(default_factory=dict)


class LocalResource:
    """A created resource, as moto's CloudFormation asks for it."""

    def __init__(self, resource_type: str, created: Created) -> None:
        self.type = resource_type
        self.physical_resource_id = created.physical_id
        self._attributes = created.attributes

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:  # noqa: ARG003 - moto asks before the resource exists
        return True

    def get_cfn_attribute(self, attribute_name: str) -> str:
        if attribute_name not in self._attributes:
            raise UnformattedGetAttTemplateException
        return self._attributes[attribute_name]

    def is_created(self) -> bool:
        return True


def model(
    resource_type: str, name_property: str, create: Callable[[Declaration], Created]
) -> type[CloudFormationModel]:
    """A moto model for `resource_type`, made by `create`; `name_property` is "" if the type has no name.

    moto finds models as direct subclasses of CloudFormationModel, and of two for one type the later wins.
    The caller keeps the returned class: `__subclasses__` holds it weakly.
    """

    def create_from_cloudformation_json(
        _cls: Any,
        /,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **known: str,
    ) -> LocalResource:
        properties = cloudformation_json["Properties"]
        declaration = Declaration(known["LogicalId"], resource_name, properties, account_id, region_name)
        built: LocalResource = made(resource_type, create(declaration))
        return built

    made: type[CloudFormationModel] = type(CloudFormationModel)(
        resource_type.replace("::", ""),
        (LocalResource, CloudFormationModel),
        {
            # moto sorts the classes by the second part of the module's name.
            "__module__": __name__,
            "cloudformation_type": staticmethod(lambda: resource_type),
            "cloudformation_name_type": staticmethod(lambda: name_property),
            "create_from_cloudformation_json": classmethod(create_from_cloudformation_json),
        },
    )
    return made
