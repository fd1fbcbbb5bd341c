"""A small translated template with every kind of resource the project uses."""

import json
from typing import Any

PASS = {"Type": "Pass", "Parameters": {"table": "${Table}"}, "End": True}
ASL = {"StartAt": "Done", "States": {"Done": PASS}}
KEYS = ("pk", "sk", "status", "updatedAt")


def template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {
        "Parameters": {"SenderAddress": {"Type": "String"}},
        "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}},
        "Resources": {**_storage(), **_mail(), **_compute(), **_api(), **resources},
        "Outputs": {
            "ApiUrl": {"Value": {"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.amazonaws.com/prod"}},
            "DkimRecord1": {
                "Value": {"Fn::Sub": "${Identity.DkimDNSTokenName1} CNAME ${Identity.DkimDNSTokenValue1}"}
            },
            "MachineArn": {"Value": {"Ref": "Machine"}},
            "TableName": {"Value": {"Ref": "Table"}},
        },
    }


def _storage() -> dict[str, Any]:
    return {
        "Review": {"Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": 1209600}},
        "Events": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "RedrivePolicy": {
                    "deadLetterTargetArn": {"Fn::GetAtt": ["Review", "Arn"]},
                    "maxReceiveCount": 3,
                }
            },
        },
        "EventsPolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {"Queues": [{"Ref": "Events"}], "PolicyDocument": {"Statement": []}},
        },
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": key, "AttributeType": "S"} for key in KEYS],
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "GlobalSecondaryIndexes": [
                    {
                        "IndexName": "byStatus",
                        "KeySchema": [
                            {"AttributeName": "status", "KeyType": "HASH"},
                            {"AttributeName": "updatedAt", "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                ],
            },
        },
    }


def _mail() -> dict[str, Any]:
    return {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": {"Ref": "Topic"},
                "Protocol": "sqs",
                "Endpoint": {"Fn::GetAtt": ["Events", "Arn"]},
                "RawMessageDelivery": True,
            },
        },
        "Identity": {
            "Type": "AWS::SES::EmailIdentity",
            "Properties": {"EmailIdentity": {"Ref": "SenderAddress"}},
        },
        "ConfigurationSet": {"Type": "AWS::SES::ConfigurationSet", "Properties": {"Name": "feedback"}},
        "EventDestination": {
            "Type": "AWS::SES::ConfigurationSetEventDestination",
            "Properties": {
                "ConfigurationSetName": {"Ref": "ConfigurationSet"},
                "EventDestination": {
                    "Enabled": True,
                    "MatchingEventTypes": ["SEND", "deliveryDelay"],
                    "SnsDestination": {"TopicARN": {"Ref": "Topic"}},
                },
            },
        },
    }


def _compute() -> dict[str, Any]:
    return {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}},
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Code": {"S3Bucket": "bundle", "S3Key": "bundle.zip"},
                "Handler": "handlers.send_email.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Runtime": "python3.13",
                "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
            },
        },
        "Mapping": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["Events", "Arn"]},
                "FunctionName": {"Ref": "Function"},
                "BatchSize": 10,
            },
        },
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "DefinitionString": json.dumps(ASL),
                "DefinitionSubstitutions": {"Table": {"Ref": "Table"}},
            },
        },
        "Unfinished": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "EventPattern": {
                    "source": ["aws.states"],
                    "detail-type": ["Step Functions Execution Status Change"],
                    "detail": {
                        "status": ["FAILED", "TIMED_OUT", "ABORTED"],
                        "stateMachineArn": [{"Ref": "Machine"}],
                    },
                },
                "Targets": [{"Id": "review", "Arn": {"Fn::GetAtt": ["Review", "Arn"]}}],
            },
        },
        "Never": {"Type": "AWS::CloudFront::Distribution", "Condition": "Never", "Properties": {}},
    }


def _api() -> dict[str, Any]:
    return {
        "Api": {
            "Type": "AWS::ApiGateway::RestApi",
            "Properties": {"Body": {"info": {"title": "contact"}, "paths": {"/x": {"q": {"Ref": "Events"}}}}},
        },
        "ApiDeployment": {
            "Type": "AWS::ApiGateway::Deployment",
            "Properties": {"RestApiId": {"Ref": "Api"}},
        },
        "ApiStage": {
            "Type": "AWS::ApiGateway::Stage",
            "Properties": {
                "RestApiId": {"Ref": "Api"},
                "DeploymentId": {"Ref": "ApiDeployment"},
                "StageName": "prod",
                "MethodSettings": [
                    {
                        "HttpMethod": "*",
                        "ResourcePath": "/*",
                        "ThrottlingRateLimit": 50,
                        "ThrottlingBurstLimit": 100,
                    }
                ],
            },
        },
    }
