"""The brief's handler, for comparison only: API → Lambda → SES in one call.

As printed there but for two things: its `ses` client speaks SES's first API, the local SES the second; and the
visitor's text goes to one owner, where the brief mailed it to whatever address the visitor gave.
"""

import json
import re
from typing import Any

import boto3

ses = boto3.client("sesv2")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    body = json.loads(event.get("body", "{}"))
    if not all(field in body for field in ("email", "subject", "message")):
        return _answer(400, {"error": "Missing required fields"})
    if not re.match(r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$", body["email"]):
        return _answer(400, {"error": "Invalid email format"})
    try:
        sent = ses.send_email(
            FromEmailAddress="noreply@contactflow.example",
            Destination={"ToAddresses": ["owner@contactflow.example"]},
            Content={
                "Simple": {
                    "Subject": {"Data": body["subject"], "Charset": "UTF-8"},
                    "Body": {"Text": {"Data": body["message"], "Charset": "UTF-8"}},
                }
            },
        )
    except ses.exceptions.ClientError as error:
        print(f"SES Error: {error.response['Error']['Message']}")
        return _answer(500, {"error": "Failed to send email"})
    return _answer(200, {"message": "Email sent successfully", "messageId": sent["MessageId"]})


def _answer(status: int, body: dict[str, str]) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Access-Control-Allow-Origin": "https://contactflow.com"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
