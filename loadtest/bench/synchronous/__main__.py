"""`python -m loadtest.bench.synchronous AWS_URL ENVIRONMENTS`: the handler behind an HTTP front of its own.

The same server and settings as the local gateway's, the same runtime client and child processes as the local Lambda's.
It does less than API Gateway's emulation: no model, no mapping, no throttle. What that is unfair to is our side.
One line on standard output says where it is; it ends with its standard input.
"""

import asyncio
import json
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvicorn

from ops.local.functions import Function, TooManyRequestsError
from ops.local.functions.configuration import Configuration
from ops.local.ports import listen, origin

# API Gateway waits so long for an integration:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
_INTEGRATION_TIMEOUT = 29.0


class Front:
    """A Lambda proxy integration: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html."""

    def __init__(self, function: Function, environments: int) -> None:
        self._function = function
        self._threads = ThreadPoolExecutor(environments)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        event = json.dumps(
            {"httpMethod": scope["method"], "path": scope["path"], "body": body.decode()}
        ).encode()
        loop = asyncio.get_running_loop()
        status, headers, content = await loop.run_in_executor(self._threads, self._invoke, event)
        lines = [(name.encode(), value.encode()) for name, value in headers.items()]
        lines.append((b"content-length", str(len(content)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": lines})
        await send({"type": "http.response.body", "body": content})

    def _invoke(self, event: bytes) -> tuple[int, dict[str, str], bytes]:
        try:
            result = self._function.invoke(event, wait=_INTEGRATION_TIMEOUT).result
        except TooManyRequestsError:
            result = None
        if result is None:
            return 502, {}, b'{"message":"Internal server error"}'
        answer = json.loads(result)
        return answer["statusCode"], answer["headers"], answer["body"].encode()


def main(aws: str, environments: int) -> None:
    configuration = Configuration(
        name="synchronous",
        arn="arn:aws:lambda:us-east-1:123456789012:function:synchronous",
        runtime=f"python{sys.version_info.major}.{sys.version_info.minor}",
        handler="handler.handler",
        code=Path(__file__).parent,
        environment={},
        timeout=_INTEGRATION_TIMEOUT,
        memory=256,
        concurrency=environments,
        endpoint=aws,
        # A hundred that start at once on two cores would all miss Lambda's ten seconds, and start again.
        init_timeout=600.0,
    )
    with Path(os.devnull).open("ab") as log:
        function = Function(configuration, log)
        bound = listen(0)
        server = uvicorn.Server(
            uvicorn.Config(
                Front(function, environments),
                http="httptools",
                loop="uvloop",
                lifespan="off",
                access_log=False,
                log_level="warning",
            )
        )

        def end_with_parent() -> None:
            sys.stdin.read()
            server.should_exit = True

        threading.Thread(target=end_with_parent, daemon=True).start()
        print(json.dumps({"url": origin(bound)}), flush=True)
        server.run([bound])
        function.stop()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
