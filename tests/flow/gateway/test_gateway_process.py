import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from ops.local.gateway.process import GatewayFailedError, GatewayProcess
from ops.local.ports import PortTakenError
from tests.fakes.aws_endpoint import RecordingEndpoint

ROOT = Path(__file__).parents[3]


def test_the_site_is_served_with_the_apis_address(gateway: GatewayProcess, site: httpx.Client) -> None:
    page = site.get("/")
    assert (page.status_code, page.text) == (200, "<h1>form</h1>")
    assert f"connect-src 'self' {gateway.api};" in page.headers["content-security-policy"]
    assert site.get("/config.json").json() == {"apiUrl": f"{gateway.api}/prod"}
    assert site.get("/..%2f..%2fetc/passwd").status_code == 404
    assert site.post("/").status_code == 405
    head = site.head("/")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(page.content)))
    moved = site.get("/a?b=1", headers={"Host": gateway.site.replace("http://127.0.0.1", "localhost")})
    assert (moved.status_code, moved.headers["location"]) == (307, f"{gateway.site}/a?b=1")


def test_both_ports_listen_on_the_loopback_interface_only(gateway: GatewayProcess) -> None:
    ports = {int(origin.rpartition(":")[2]) for origin in (gateway.api, gateway.site)}
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    addresses = {line.split()[1] for line in lines if line.split()[3] == "0A"}
    assert {f"0100007F:{port:04X}" for port in ports} <= addresses


def test_a_port_in_use_is_said_and_is_exit_code_3(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError) as error:
            GatewayProcess(0, port, tmp_path)
        assert error.value.port == port
        places = json.dumps({"apiPort": port, "sitePort": 0, "siteDirectory": str(tmp_path)}) + "\n"
        command = [sys.executable, "-m", "ops.local.gateway"]
        ended = subprocess.run(command, cwd=ROOT, input=places, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (3, "")
    assert json.loads(ended.stdout) == {"error": "port_in_use", "port": port}


def test_a_definition_that_is_not_emulated_ends_the_process(tmp_path: Path) -> None:
    gateway = GatewayProcess(0, 0, tmp_path)
    settings = {"stage": "prod", "throttle": {"rate": 1, "burst": 1}, "awsEndpoint": "http://127.0.0.1:1"}
    with pytest.raises(GatewayFailedError):
        gateway.serve({"definition": {"paths": {"/a": {"trace": {}}}}, **settings})
    gateway.stop()


def ended(gateway: GatewayProcess) -> bool:
    host, port = gateway.api.removeprefix("http://").split(":")
    with socket.socket() as attempt:
        return attempt.connect_ex((host, int(port))) != 0


def test_it_ends_with_its_standard_input_even_while_a_client_keeps_its_connection(
    start: Callable[..., GatewayProcess], endpoint: RecordingEndpoint
) -> None:
    gateway = start(endpoint.url)
    with httpx.Client(base_url=gateway.api) as client:
        client.options("/prod/sendEmail")
        gateway.stop()
    assert ended(gateway)


def test_it_ends_on_sigterm_and_ctrl_c_leaves_it_to_its_parent(
    start: Callable[..., GatewayProcess], endpoint: RecordingEndpoint
) -> None:
    gateway = start(endpoint.url)
    os.kill(gateway.pid, signal.SIGINT)
    assert httpx.options(f"{gateway.api}/prod/sendEmail").status_code == 204
    os.kill(gateway.pid, signal.SIGTERM)
    left = os.waitid(os.P_PID, gateway.pid, os.WEXITED | os.WNOWAIT)
    assert left is not None
    assert left.si_status == 0
    assert ended(gateway)
