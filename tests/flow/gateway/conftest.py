"""The gateway's real process over real HTTP, in front of a recording AWS endpoint."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from ops.local.gateway.process import GatewayProcess
from tests.fakes.api_definition import definition
from tests.fakes.aws_endpoint import Received, RecordingEndpoint, accepted


@pytest.fixture(scope="session")
def endpoint() -> Iterator[RecordingEndpoint]:
    recording = RecordingEndpoint()
    yield recording
    recording.stop()


@pytest.fixture
def received(endpoint: RecordingEndpoint) -> list[Received]:
    endpoint.received.clear()
    endpoint.reply = accepted
    return endpoint.received


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., GatewayProcess]]:
    started = []

    def start(endpoint_url: str, **settings: Any) -> GatewayProcess:
        site = tmp_path_factory.mktemp("site")
        (site / "index.html").write_text("<h1>form</h1>")
        gateway = GatewayProcess(0, 0, site)
        started.append(gateway)
        default = {"definition": definition(), "stage": "prod", "throttle": {"rate": 1e6, "burst": 100_000}}
        gateway.serve({**default, "awsEndpoint": endpoint_url, **settings})
        return gateway

    yield start
    for gateway in started:
        gateway.stop()


@pytest.fixture(scope="session")
def gateway(start: Callable[..., GatewayProcess], endpoint: RecordingEndpoint) -> GatewayProcess:
    return start(endpoint.url)


@pytest.fixture(scope="session")
def api(gateway: GatewayProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{gateway.api}/prod", timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
def site(gateway: GatewayProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=gateway.site, timeout=30) as client:
        yield client
