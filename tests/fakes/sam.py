"""Stands for `sam`: records what it is called with, and on `deploy` makes the stack that the caller looks at next.

Run as a program of its own. SAM_RECORD names the file that gets one JSON line a call; SAM_FAILS the command that fails.
"""

import json
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import yaml

OUTPUTS = {
    "ApiUrl": "https://abc123.execute-api.us-east-1.amazonaws.com/prod",
    "SiteUrl": {"Ref": "AllowedOrigin"},
    "SiteBucketName": {"Ref": "SiteBucket"},
    "SenderIdentityName": "mail.example",
    "DkimRecord1": "token1._domainkey.mail.example CNAME token1.dkim.amazonses.com",
    "DkimRecord2": "token2._domainkey.mail.example CNAME token2.dkim.amazonses.com",
    "DkimRecord3": "token3._domainkey.mail.example CNAME token3.dkim.amazonses.com",
    "SpfRecord": 'mail.mail.example TXT "v=spf1 include:amazonses.com ~all"',
    "MailFromMxRecord": "mail.mail.example MX 10 feedback-smtp.us-east-1.amazonses.com",
    "DmarcRecord": '_dmarc.mail.example TXT "v=DMARC1; p=none; rua=mailto:owner@mail.example"',
}


def main() -> int:
    command, options = sys.argv[1], _options(sys.argv[2:])
    overrides = options.get("--parameter-overrides", "").removeprefix("file://")
    parameters = yaml.safe_load(Path(overrides).read_text()) if overrides else {}
    mode = oct(Path(overrides).stat().st_mode & 0o777) if overrides else ""
    with Path(os.environ["SAM_RECORD"]).open("a") as record:
        record.write(json.dumps({"argv": sys.argv[1:], "parameters": parameters, "mode": mode}) + "\n")
    if os.environ.get("SAM_FAILS") == command:
        return 1
    if command == "deploy":
        _deploy(options["--stack-name"], parameters)
    if command == "delete":
        _cloudformation().delete_stack(StackName=options["--stack-name"])
    return 0


def _options(arguments: list[str]) -> dict[str, str]:
    return {name: value for name, value in pairwise(arguments) if name[:2] == "--"}


def _cloudformation() -> Any:
    import boto3  # noqa: PLC0415 - half a second that `sam build` need not wait for

    return cast("Any", boto3).client("cloudformation")


def template(parameters: dict[str, str], outputs: dict[str, Any]) -> dict[str, Any]:
    """As much of a stack as the deployer's commands look at."""
    return {
        "Parameters": {name: {"Type": "String"} for name in parameters},
        "Resources": {"SiteBucket": {"Type": "AWS::S3::Bucket"}, "IntakeQueue": {"Type": "AWS::SQS::Queue"}},
        "Outputs": {
            name: {"Value": value}
            for name, value in ({"IntakeQueueUrl": {"Ref": "IntakeQueue"}} | OUTPUTS | outputs).items()
        },
    }


def _deploy(stack: str, parameters: dict[str, str]) -> None:
    client = _cloudformation()
    made = template(parameters, json.loads(os.environ.get("SAM_OUTPUTS", "{}")))
    given = [{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()]
    act = client.update_stack if _is_there(client, stack) else client.create_stack
    act(StackName=stack, TemplateBody=json.dumps(made), Parameters=given)


def _is_there(client: Any, stack: str) -> bool:
    try:
        client.describe_stacks(StackName=stack)
    except client.exceptions.ClientError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
