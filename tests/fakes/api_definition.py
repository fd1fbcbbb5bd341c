"""An OpenAPI body as API Gateway exports it, small, with one route for each behaviour of the gateway."""

from typing import Any

SQS = "arn:aws:apigateway:us-east-1:sqs:path/123456789012/intake"
GET_ITEM = "arn:aws:apigateway:us-east-1:dynamodb:action/GetItem"
ORIGIN = "http://127.0.0.1:1"
_CORS = {"method.response.header.Access-Control-Allow-Origin": f"'{ORIGIN}'"}

SEND = (
    "#set($id = $context.requestId)"
    "#if($input.path('$.submissionId') != '')#set($id = $input.path('$.submissionId'))#end"
    "#set($context.requestOverride.path.messageId = $id)"
    "Action=SendMessage&MessageBody=$util.urlEncode($input.json('$'))"
    "&MessageAttribute.1.Name=messageId&MessageAttribute.1.Value.DataType=String"
    "&MessageAttribute.1.Value.StringValue=$util.urlEncode($id)"
    "#if($input.params('origin') != '')&MessageAttribute.2.Name=origin&MessageAttribute.2.Value.DataType=String"
    "&MessageAttribute.2.Value.StringValue=$util.urlEncode($input.params('origin'))#end"
)
QUEUED = '{"status":"queued","messageId":"$context.requestOverride.path.messageId"}'
FIND = '{"TableName":"messages","Key":{"pk":{"S":"MSG#$util.escapeJavaScript($input.params(\'id\'))"}}}'
FOUND = (
    "#if($input.path('$.Item') == '')#set($context.responseOverride.status = 404)"
    '{"error":"not_found"}#else{"status":"$input.path(\'$.Item.status.S\')"}#end'
)


def definition() -> dict[str, Any]:
    return {
        "openapi": "3.0.1",
        "info": {"title": "test", "version": "1"},
        "x-amazon-apigateway-request-validators": {
            "body": {"validateRequestBody": True, "validateRequestParameters": False},
            "parameters": {"validateRequestBody": False, "validateRequestParameters": True},
        },
        "x-amazon-apigateway-request-validator": "body",
        "x-amazon-apigateway-gateway-responses": _gateway_responses(),
        "components": {"schemas": {"Message": _model(), "Text": {"type": "string", "maxLength": 1000}}},
        "paths": {
            "/sendEmail": {"post": _post(), "options": _preflight()},
            "/messages/{id}": {"get": _status()},
            "/slow": {"post": _post(timeoutInMillis=50)},
            "/raw": {"post": _post(requestTemplates={}, passthroughBehavior="when_no_match")},
            "/typed": {"post": _post(passthroughBehavior="when_no_templates")},
            "/broken": {"post": _post(requestTemplates={"application/json": "$util.parseJson('{')"})},
            "/header": {
                "post": _post(
                    requestTemplates=_json(
                        "#set($h = $context.requestOverride.header)#set($h.x-text = $input.path('$.message'))"
                    )
                )
            },
            "/strict": {"post": _post(responses={"200": {"statusCode": "200"}})},
            "/required": {"get": _required()},
        },
    }


def _json(template: str) -> dict[str, str]:
    return {"application/json": template}


def _gateway_responses() -> dict[str, Any]:
    headers = {"gatewayresponse.header.Access-Control-Allow-Origin": f"'{ORIGIN}'"}
    body = '{"error":"%s","message":$context.error.messageString,"requestId":"$context.requestId"}'
    return {
        "BAD_REQUEST_BODY": {
            "responseParameters": headers,
            "responseTemplates": _json(body % "invalid_request"),
        },
        "THROTTLED": {"statusCode": 429, "responseTemplates": _json(body % "too_many_requests")},
        "DEFAULT_4XX": {"responseParameters": headers, "responseTemplates": _json(body % "refused")},
        "DEFAULT_5XX": {"responseParameters": headers, "responseTemplates": _json(body % "unavailable")},
        "REQUEST_TOO_LARGE": {"responseTemplates": _json("customised")},
    }


def _model() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["message"],
        "additionalProperties": False,
        "properties": {
            "message": {"type": "string", "pattern": r"^(?=[\s\S]*\S)(?:[^\x00])*$", "maxLength": 1000},
            "submissionId": {"$ref": "#/components/schemas/Text"},
            "count": {"type": "integer", "maximum": 5},
            "extra": {},
        },
    }


def _post(**changed: Any) -> dict[str, Any]:
    return {
        "requestBody": {
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}}
        },
        "x-amazon-apigateway-integration": {
            "type": "aws",
            "uri": SQS,
            "httpMethod": "POST",
            "credentials": "arn:aws:iam::123456789012:role/intake",
            "passthroughBehavior": "never",
            "requestParameters": {
                "integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"
            },
            "requestTemplates": _json(SEND),
            "responses": {
                "default": {"statusCode": "500", "responseTemplates": _json('{"error":"unavailable"}')},
                "200": {
                    "statusCode": "202",
                    "responseParameters": {
                        **_CORS,
                        "method.response.header.X-From-Queue": "integration.response.header.x-queue",
                    },
                    "responseTemplates": _json(QUEUED),
                },
                "5\\d{2}": {"statusCode": "503", "responseTemplates": _json('{"error":"busy"}')},
            },
            **changed,
        },
    }


def _preflight() -> dict[str, Any]:
    return {
        "x-amazon-apigateway-integration": {
            "type": "mock",
            "requestTemplates": _json('{"statusCode": 200}'),
            "responses": {"default": {"statusCode": "204", "responseParameters": _CORS}},
        }
    }


def _status() -> dict[str, Any]:
    return {
        "parameters": [{"name": "id", "in": "path", "required": True}],
        "x-amazon-apigateway-integration": {
            "type": "aws",
            "uri": GET_ITEM,
            "httpMethod": "POST",
            "passthroughBehavior": "never",
            "requestTemplates": _json(FIND),
            "responses": {"200": {"statusCode": "200", "responseTemplates": _json(FOUND)}},
        },
    }


def _required() -> dict[str, Any]:
    return {
        "parameters": [
            {"name": "page", "in": "query", "required": True},
            {"name": "X-Token", "in": "header", "required": True},
            {"name": "size", "in": "query"},
        ],
        "x-amazon-apigateway-request-validator": "parameters",
        **_preflight(),
    }
