"""REST APIs: moto's CloudFormation drops the OpenAPI body, which is all that the local gateway reads."""

from dataclasses import dataclass
from typing import Any

from moto.apigateway.models import apigateway_backends

from ops.local.cloudformation.resource import Created, Declaration


@dataclass(frozen=True)
class Throttle:
    """Requests a second and the bucket's size, as a stage's method settings say."""

    rate: float
    burst: int


@dataclass(frozen=True)
class Stage:
    """A deployed stage of a REST API."""

    name: str
    definition: dict[str, Any]
    throttle: Throttle | None


_definitions: dict[str, dict[str, Any]] = {}
_stages: list[Stage] = []


def stages() -> list[Stage]:
    """Every stage the stack has deployed."""
    return list(_stages)


def forget_stages() -> None:
    _definitions.clear()
    _stages.clear()


def rest_api(declaration: Declaration) -> Created:
    properties = declaration.properties
    if "Body" not in properties:
        raise ValueError(f"{declaration.logical_id}: only an API with an inline Body works locally")
    backend = apigateway_backends[declaration.account][declaration.region]
    made = backend.create_rest_api(name=declaration.name, description=properties.get("Description", ""))
    _definitions[made.id] = properties["Body"]
    return Created(made.id, {"RestApiId": made.id, "RootResourceId": made.id})


def deployment(declaration: Declaration) -> Created:
    name = declaration.logical_id.lower()
    return Created(name, {"DeploymentId": name})


def stage(declaration: Declaration) -> Created:
    properties = declaration.properties
    settings = properties.get("MethodSettings", [])
    _stages.append(Stage(properties["StageName"], _definitions[properties["RestApiId"]], throttle(settings)))
    return Created(properties["StageName"])


def throttle(method_settings: list[dict[str, Any]]) -> Throttle | None:
    """The limits for all methods ("*" on "/*"), None if the stage sets none.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigateway-stage-methodsetting.html
    """
    for setting in method_settings:
        if (setting.get("HttpMethod"), setting.get("ResourcePath")) == ("*", "/*") and (
            "ThrottlingRateLimit" in setting
        ):
            return Throttle(float(setting["ThrottlingRateLimit"]), int(setting["ThrottlingBurstLimit"]))
    return None
