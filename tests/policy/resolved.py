"""A translated template with its intrinsic functions carried out, so that its policies can be judged.

Names are made up from logical ids. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

ACCOUNT = "123456789012"
REGION = "us-east-1"
_PSEUDO = {
    "AWS::AccountId": ACCOUNT,
    "AWS::Region": REGION,
    "AWS::Partition": "aws",
    "AWS::StackName": "contactflow",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/contactflow/1a2b3c4d-0000",
    "AWS::URLSuffix": "amazonaws.com",
}
GIVEN = {
    "SenderAddress": "noreply@example.com",
    "OwnerAddress": "owner@example.org",
    "AllowedOrigin": "https://www.example.com",
    "AlertAddress": "operator@example.com",
    "WebhookUrl": "https://hooks.example.com/x",
    "WebhookSecret": "whsec_Y29udGFjdGZsb3ctb24tdGhpcy1tYWNoaW5l",
    "CloudFront": "on",
    "Acknowledgement": "on",
}
_ARNS = {
    "AWS::SQS::Queue": "arn:aws:sqs:{region}:{account}:{name}",
    "AWS::SNS::Topic": "arn:aws:sns:{region}:{account}:{name}",
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:{region}:{account}:table/{name}",
    "AWS::StepFunctions::StateMachine": "arn:aws:states:{region}:{account}:stateMachine:contactflow-delivery",
    "AWS::Lambda::Function": "arn:aws:lambda:{region}:{account}:function:{name}",
    "AWS::Logs::LogGroup": "arn:aws:logs:{region}:{account}:log-group:{name}:*",
    "AWS::S3::Bucket": "arn:aws:s3:::{name}",
    "AWS::IAM::Role": "arn:aws:iam::{account}:role/{name}",
    "AWS::Events::Rule": "arn:aws:events:{region}:{account}:rule/{name}",
    "AWS::KMS::Key": "arn:aws:kms:{region}:{account}:key/{name}",
    "AWS::SES::EmailIdentity": "arn:aws:ses:{region}:{account}:identity/example.com",
    "AWS::SES::ConfigurationSet": "arn:aws:ses:{region}:{account}:configuration-set/{name}",
    "AWS::CloudFront::Distribution": "arn:aws:cloudfront::{account}:distribution/{name}",
    "AWS::CloudWatch::Alarm": "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
}
_REF_IS_ARN = ("AWS::SNS::Topic", "AWS::StepFunctions::StateMachine")
_NOTHING = object()


class Resolved:
    """`resources` as AWS would see them with these parameters: logical id → {"Type": …, "Properties": …}."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        defaults = {name: str(p.get("Default", "")) for name, p in template["Parameters"].items()}
        self._parameters: dict[str, str] = defaults | dict(parameters)
        self._template = template
        self.resources: dict[str, dict[str, Any]] = {
            name: {"Type": resource["Type"], "Properties": self._value(resource.get("Properties", {}))}
            for name, resource in template["Resources"].items()
            if "Condition" not in resource or self._holds(resource["Condition"])
        }

    def arn(self, logical_id: str) -> str:
        kind = self._template["Resources"][logical_id]["Type"]
        return _ARNS[kind].format(region=REGION, account=ACCOUNT, name=logical_id)

    def chosen(self) -> dict[str, Any]:
        """The template with each condition decided and everything else as it is: what scanners can read."""
        resources = {name: self._template["Resources"][name] for name in self.resources}
        kept = {name: {k: v for k, v in r.items() if k != "Condition"} for name, r in resources.items()}
        told = {k: v for k, v in self._template.items() if k not in ("Outputs", "Rules", "Conditions")}
        return {**told, "Resources": self._decided(kept)}

    def _decided(self, value: Any) -> Any:
        if isinstance(value, list):
            return [done for item in value if (done := self._decided(item)) is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if value == {"Ref": "AWS::NoValue"}:
            return _NOTHING
        if list(value) == ["Fn::If"]:
            condition, first, second = value["Fn::If"]
            return self._decided(first if self._holds(condition) else second)
        done = {name: self._decided(member) for name, member in value.items()}
        return {name: member for name, member in done.items() if member is not _NOTHING}

    def on(self, target: str) -> str:
        """The ARN of a logical id, with or without /path behind it; an ARN or * stays as it is."""
        if target.startswith(("arn:", "*")):
            return target
        logical_id, slash, path = target.partition("/")
        # A log group's ARN ends in :*, by which its streams are meant.
        return self.arn(logical_id).replace(":*", ":log-stream:1") + slash + path

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        return {name: r["Properties"] for name, r in self.resources.items() if r["Type"] == kind}

    def _holds(self, name: str) -> bool:
        return self._is_true(self._template["Conditions"][name])

    def _is_true(self, condition: Mapping[str, Any]) -> bool:
        [(function, arguments)] = condition.items()
        if function == "Condition":
            return self._holds(arguments)
        if function == "Fn::Equals":
            first, second = (self._value(argument) for argument in arguments)
            return bool(first == second)
        every = [self._is_true(argument) for argument in arguments]
        return {"Fn::Not": not every[0], "Fn::Or": any(every), "Fn::And": all(every)}[function]

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [done for item in value if (done := self._value(item)) is not _NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (function := self._functions().get(next(iter(value)))):
            return function(next(iter(value.values())))
        done = {name: self._value(member) for name, member in value.items()}
        return {name: member for name, member in done.items() if member is not _NOTHING}

    def _functions(self) -> dict[str, Callable[[Any], Any]]:
        return {
            "Ref": self._ref,
            "Fn::GetAtt": self._get_att,
            "Fn::Sub": self._sub,
            "Fn::If": lambda a: self._value(a[1] if self._holds(a[0]) else a[2]),
            "Fn::Select": lambda a: self._value(a[1])[int(a[0])],
            "Fn::Split": lambda a: self._value(a[1]).split(a[0]),
            "Fn::Join": lambda a: a[0].join(self._value(a[1])),
            "Fn::FindInMap": lambda a: self._template["Mappings"][a[0]][a[1]][a[2]],
        }

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NOTHING
        if name in _PSEUDO or name in self._parameters:
            return _PSEUDO.get(name, self._parameters.get(name))
        kind = self._template["Resources"][name]["Type"]
        if kind in _REF_IS_ARN:
            return self.arn(name)
        return "example.com" if kind == "AWS::SES::EmailIdentity" else name

    def _get_att(self, path: Any) -> Any:
        name, attribute = path if isinstance(path, list) else path.split(".", 1)
        return self.arn(name) if attribute == "Arn" and self._kind(name) in _ARNS else f"{name}.{attribute}"

    def _kind(self, logical_id: str) -> str:
        return str(self._template["Resources"][logical_id]["Type"])

    def _sub(self, argument: Any) -> str:
        words, more = argument if isinstance(argument, list) else (argument, {})
        given = {name: self._value(value) for name, value in more.items()}

        def put(found: re.Match[str]) -> str:
            name = found[1]
            if name in given:
                return str(given[name])
            return str(self._get_att(name) if "." in name else self._ref(name))

        return re.sub(r"\$\{([^!}]+)\}", put, words)
