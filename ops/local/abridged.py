"""Imported before anything that imports moto's CloudFormation, which reads every EC2 instance type that there is.

No template of ours has an instance, and reading the lists takes a third of the imports' time.
"""

from typing import Any

from moto.utilities import utils

_load = utils.load_resource


def _without_instance_types(resource: str) -> Any:
    return {} if resource.startswith("ec2/resources/instance_type") else _load(resource)


utils.load_resource = _without_instance_types
import moto.ec2.models  # noqa: E402 - it reads the lists when it is imported

utils.load_resource = _load
#: what moto's EC2 knows of instances: nothing
INSTANCE_TYPES = moto.ec2.models.instance_types.INSTANCE_TYPES
