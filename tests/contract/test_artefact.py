"""AWS's own tools on template.yaml, and what they build: it carries what it needs and nothing else."""

import hashlib
import importlib.util
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.contract.test_template import FUNCTIONS
from tests.contract.translated import ROOT

# One worker builds for all of these.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sam")]
SAM = ROOT / ".venv" / "sam" / "bin" / "sam"
OURS = {"handlers", "schemas"}
THEIRS = {
    "annotated_types",
    "aws_lambda_powertools",
    "boto3",
    "botocore",
    "dateutil",
    "idna",
    "jmespath",
    "pydantic",
    "pydantic_core",
    "s3transfer",
    "six.py",
    "typing_extensions.py",
    "typing_inspection",
    "urllib3",
}
# No environment variables, no current folder, no site-packages: the standard library alone, and the artefact.
ALONE = ("-I", "-S", "-c")
IMPORT = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
module, name = sys.argv[2].rsplit(".", 1)
assert callable(getattr(importlib.import_module(module), name))
"""
MAKE_CLIENTS = """
import sys
sys.path.insert(0, sys.argv[1])
import boto3
for service in ("dynamodb", "sesv2", "sns", "sqs", "stepfunctions"):
    boto3.client(service, region_name="us-east-1")
"""
DESCRIBE_CLIENTS = """
import sys
sys.path.insert(0, sys.argv[1])
import boto3
for service in ("dynamodb", "sesv2", "sns", "sqs", "stepfunctions", "sts"):
    for region in ("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"):
        client = boto3.client(service, region_name=region)
        print(client.meta.endpoint_url, client.meta.service_model.operation_names)
"""
SITE_PACKAGES = sysconfig.get_path("purelib")


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "PYTHON": sys.executable,
    }
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _succeed(*command: str | Path) -> str:
    done = _run(*command)
    assert done.returncode == 0, f"{done.args}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _platform() -> str:
    """The running interpreter's platform, as pip names it."""
    if sys.platform == "linux":
        return f"manylinux2014_{platform.machine()}"
    return re.sub(r"[-.]", "_", sysconfig.get_platform())


def _build_native(folder: Path) -> None:
    version = f"PYVERSION={sys.version_info.major}.{sys.version_info.minor}"
    _succeed("make", "build-native", f"ARTIFACTS_DIR={folder}", version, f"PLATFORM={_platform()}")


def _bytecode(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.pyc")}


def _files(folder: Path) -> dict[str, str]:
    """Path in the folder → sha256 of its content, without what Python caches."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def sam() -> Path:
    if not SAM.exists():
        pytest.fail(f"{SAM} is missing: run `make test`, which installs it")
    return SAM


@pytest.fixture(scope="module")
def built(sam: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one artefact for each function, as `sam deploy` would upload them."""
    folder = tmp_path_factory.mktemp("sam")
    _succeed(sam, "build", "--build-dir", folder)
    return folder


@pytest.fixture(scope="module")
def artefact(built: Path) -> Path:
    return built / "StartDeliveryFunction"


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same artefact for the interpreter that runs this test."""
    folder = tmp_path_factory.mktemp("native")
    _build_native(folder)
    return folder


def test_sam_finds_no_fault_in_the_template(sam: Path) -> None:
    assert "is a valid SAM Template" in _succeed(sam, "validate", "--lint")


def test_the_artefact_holds_our_two_packages_and_what_the_lock_names(artefact: Path) -> None:
    entries = {path.name for path in artefact.iterdir()}
    installed = {name for name in entries if name.endswith(".dist-info")}
    lock = (ROOT / "requirements" / "lambda.txt").read_text(encoding="utf-8")
    pinned = {
        f"{n.replace('-', '_')}-{v}.dist-info" for n, v in re.findall(r"^([\w-]+)==(\S+)", lock, re.MULTILINE)
    }
    assert installed == pinned
    # The top-level modules' bytecode is there if this machine has the functions' Python to make it.
    assert entries - installed - {"__pycache__"} == OURS | THEIRS


def test_a_cold_start_compiles_nothing(native: Path) -> None:
    assert [
        path
        for path in native.rglob("*.py")
        if not Path(importlib.util.cache_from_source(str(path))).exists()
    ] == []


def test_what_is_compiled_tells_nothing_of_the_machine_that_did(native: Path) -> None:
    for path in (native / "handlers" / "aws" / "table.py", native / "six.py"):
        bytecode = Path(importlib.util.cache_from_source(str(path))).read_bytes()
        assert f"/var/task/{path.relative_to(native)}".encode() in bytecode
        assert str(ROOT).encode() not in bytecode


def test_our_packages_are_complete_but_for_the_export_which_is_a_tool(artefact: Path) -> None:
    assert _files(artefact / "handlers") == _files(ROOT / "handlers")
    exported = {name: digest for name, digest in _files(ROOT / "schemas").items() if name != "export.py"}
    assert _files(artefact / "schemas") == exported


def test_compiled_code_is_for_the_python_and_processor_of_the_functions(artefact: Path) -> None:
    compiled = [path.name for path in artefact.rglob("*.so*")]
    assert compiled
    assert [name for name in compiled if "cpython-313-aarch64" not in name] == []


def test_all_functions_share_one_bundle(built: Path) -> None:
    bundles = [_files(built / function) for function in FUNCTIONS]
    assert all(bundle == bundles[0] for bundle in bundles)


def test_two_builds_compile_to_the_same_bytes(native: Path, tmp_path: Path) -> None:
    _build_native(tmp_path)
    assert _bytecode(tmp_path) == _bytecode(native) != {}


def test_the_bundle_depends_on_no_clock(artefact: Path) -> None:
    assert {path.stat().st_mtime for path in artefact.rglob("*")} == {315_532_800}


def test_the_bundle_is_small(artefact: Path, tmp_path: Path) -> None:
    archive = Path(shutil.make_archive(str(tmp_path / "bundle"), "zip", artefact))
    assert archive.stat().st_size < 15_000_000


@pytest.mark.parametrize("handler", FUNCTIONS.values())
def test_every_handler_starts_from_the_artefact_alone(native: Path, handler: str) -> None:
    _succeed(sys.executable, *ALONE, IMPORT, native, handler)


def test_the_artefact_knows_every_service_that_the_functions_call(native: Path) -> None:
    _succeed(sys.executable, *ALONE, MAKE_CLIENTS, native)


def test_the_trimmed_models_know_the_operations_and_addresses_that_whole_ones_know(native: Path) -> None:
    describe = (*ALONE, DESCRIBE_CLIENTS)
    assert _succeed(sys.executable, *describe, native) == _succeed(sys.executable, *describe, SITE_PACKAGES)


def test_a_dependency_that_brings_a_package_called_like_ours_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "dependencies" / "handlers").mkdir(parents=True)
    (tmp_path / "artefact").mkdir()
    failed = _run(
        "make", "build-x", f"DEPENDENCIES={tmp_path}/dependencies", f"ARTIFACTS_DIR={tmp_path}/artefact"
    )
    assert failed.returncode != 0
    assert "a dependency brought a package named handlers" in failed.stderr
