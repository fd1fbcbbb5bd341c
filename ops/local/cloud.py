"""The embedded cloud: moto in this process, mended by `patches`, with no way to a real account."""

import logging
import os

from moto import mock_aws

from ops.local import abridged, cloudformation, execution_events, patches  # noqa: F401 - abridged comes first

ACCOUNT = "123456789012"
REGION = "us-east-1"

_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    # The SDK looks for credentials in files and in the instance metadata service as well:
    # https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}

# `execute_state_machine` chooses the backend that runs ASL; `use_docker` the one that runs no container.
_CONFIG = {
    "core": {
        "mock_credentials": False,
        "passthrough": {"urls": [], "services": []},
        "reset_boto3_session": True,
        "service_whitelist": None,
    },
    "stepfunctions": {"execute_state_machine": True},
    "lambda": {"use_docker": False},
}


def start() -> mock_aws:
    """Start moto in this process, empty; the caller ends it with `.stop()`.

    Everything in the environment that could lead boto3 to a real account is overwritten first.
    """
    neutralise_environment()
    cloud = mock_aws(config=_CONFIG)
    cloud.start()
    patches.apply()
    cloudformation.register()
    execution_events.publish()
    # Without a handler Python prints a library's warnings: moto warns of each task that fails.
    logging.getLogger("moto").addHandler(logging.NullHandler())
    return cloud


def neutralise_environment() -> None:
    """Replace every AWS and moto setting of this process by the local ones."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "MOTO_", "TEST_SERVER_MODE"))]:
        del os.environ[name]
    os.environ.update(_ENVIRONMENT)
