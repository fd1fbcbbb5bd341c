"""SAM to CloudFormation on this machine, by AWS's own translator: no account, no network, no upload."""

import json
import logging
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

# It warns that the switches which AWS sets on its own side are not there.
logging.getLogger("samtranslator.feature_toggle").setLevel(logging.ERROR)


def translate(template: Path, region: str) -> dict[str, Any]:
    """Return the CloudFormation template. Raises InvalidDocumentException with every fault the translator found.

    Code becomes a placeholder in S3, since it is not packaged here; a state machine's file is inlined as its
    `Definition`, and its `DefinitionSubstitutions` stay for whoever creates the stack.
    """
    source: dict[str, Any] = yaml_parse(template.read_text(encoding="utf-8"))
    for logical_id, resource in source["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = {"Bucket": "not-packaged", "Key": logical_id}
        elif resource["Type"] == "AWS::Serverless::StateMachine":
            definition = template.parent / properties.pop("DefinitionUri")
            properties["Definition"] = json.loads(definition.read_text(encoding="utf-8"))
    # The session only names the region; an empty map of managed policies keeps the translator off IAM.
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region))
    translated: dict[str, Any] = translator.translate(source, parameter_values={})
    return translated
