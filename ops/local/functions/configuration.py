"""What a function is, and the variables Lambda gives its execution environments."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Configuration:
    """One function. Times in seconds, memory in MB; `code` becomes LAMBDA_TASK_ROOT."""

    name: str
    arn: str
    runtime: str
    handler: str
    code: Path
    environment: Mapping[str, str]
    timeout: float
    memory: int
    concurrency: int
    endpoint: str
    # Lambda's limit, the same for every function:
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
    init_timeout: float = 10.0

    def variables(self, runtime_api: str) -> dict[str, str]:
        """Everything a child process gets; nothing of the caller's own AWS_* is inherited.

        Names: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
        """
        region = self.arn.split(":")[3]
        inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return (
            inherited
            | dict(self.environment)
            | self._reserved()
            | _credentials(region, runtime_api, self.endpoint)
        )

    def _reserved(self) -> dict[str, str]:
        return {
            "_HANDLER": self.handler,
            "LAMBDA_TASK_ROOT": str(self.code),
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self.runtime}",
            "AWS_LAMBDA_FUNCTION_NAME": self.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.memory),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "local/[$LATEST]",
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "PYTHONUNBUFFERED": "1",
        }


def _credentials(region: str, runtime_api: str, endpoint: str) -> dict[str, str]:
    """Where the SDK in a child finds the local endpoint, and no way to a real account.

    HOME alone would lead it to ~/.aws: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
    """
    return {
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_SESSION_TOKEN": "testing",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
