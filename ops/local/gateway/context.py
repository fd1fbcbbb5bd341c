"""`$context` of one request.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
"""

import base64
import os
import re
import time
import uuid
from collections.abc import Mapping
from typing import Any

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def new_context(
    stage: str, http_method: str, path: str, source_ip: str, headers: Mapping[str, str]
) -> dict[str, Any]:
    """The variables known before a route is; header names in lower case, the time in milliseconds."""
    now = time.time()
    return {
        "requestId": _request_id(headers.get("x-amzn-requestid", "")),
        "extendedRequestId": base64.b64encode(os.urandom(11)).decode(),
        "requestTimeEpoch": int(now * 1000),
        "requestTime": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(now)),
        "identity": {"sourceIp": source_ip, "userAgent": headers.get("user-agent", "")},
        "httpMethod": http_method,
        "protocol": "HTTP/1.1",
        "domainName": headers.get("host", ""),
        "path": path,
        "resourcePath": "",
        "stage": stage,
        "requestOverride": {"header": {}, "path": {}, "querystring": {}},
        "responseOverride": {"header": {}},
    }


def _request_id(sent: str) -> str:
    """The reference says that a client's `x-amzn-RequestId` in UUID form takes the place of the gateway's."""
    return sent if _UUID.fullmatch(sent) else str(uuid.uuid4())
