"""What the account already has: the stack, its parameters, the sender's identity, API Gateway's logging role."""

from dataclasses import dataclass
from typing import Any, cast

import boto3
from botocore.exceptions import ClientError

from ops.deploy.samconfig import Environment


@dataclass(frozen=True)
class Deployed:
    """A stack as CloudFormation describes it; a NoEcho parameter's value is `****`."""

    status: str
    parameters: dict[str, str]
    outputs: dict[str, str]

    @property
    def failed_at_birth(self) -> bool:
        # Such a stack can only be deleted:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
        return self.status == "ROLLBACK_COMPLETE"


@dataclass(frozen=True)
class Account:
    """The caller's AWS account in one region."""

    session: Any
    stack: str

    def client(self, service: str) -> Any:
        return self.session.client(service)

    def number(self) -> str:
        return str(self.client("sts").get_caller_identity()["Account"])

    def deployed(self) -> Deployed | None:
        try:
            [stack] = self.client("cloudformation").describe_stacks(StackName=self.stack)["Stacks"]
        except ClientError as error:
            # What DescribeStacks says of a stack that is not there; it has no error code of its own.
            if "does not exist" in str(error):
                return None
            raise
        # What a change set that nobody executed leaves behind: sam takes it for no stack, too.
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
            return None
        return Deployed(
            status=stack["StackStatus"],
            parameters={p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", [])},
            outputs={o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])},
        )

    def identity(self, name: str) -> dict[str, Any] | None:
        """SES's description of an identity, None if the account has none of that name."""
        client = self.client("sesv2")
        try:
            return dict(client.get_email_identity(EmailIdentity=name))
        except client.exceptions.NotFoundException:
            return None

    def logs_of_api_gateway(self) -> bool:
        return bool(self.client("apigateway").get_account().get("cloudwatchRoleArn"))


def of(environment: Environment) -> Account:
    """By the caller's own credentials; the region is None if neither samconfig.toml nor the caller has one."""
    session = cast("Any", boto3).Session(profile_name=environment.profile, region_name=environment.region)
    return Account(session, environment.stack)
