"""What is started cold: the bundle that Lambda ships, and that of a bare handler."""

import compileall
import io
import platform
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path
from py_compile import PycInvalidationMode

_ROOT = Path(__file__).parents[2]
#: What a bare handler brings: boto3 and what it needs, as pip installs it.
_BARE = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six.py", "urllib3")
BYTECODE = shutil.ignore_patterns("__pycache__")
_EMPTY = "def handler(event, context):\n    return {}\n"


def build(folder: Path) -> tuple[Path, Path]:
    """The artefact that `make build` makes, for this interpreter and machine, and the bare one beside it."""
    artefact, bare = folder / "artefact", folder / "bare"
    artefact.mkdir()
    system = f"manylinux2014_{platform.machine()}" if sys.platform == "linux" else "any"
    version = f"PYVERSION={sys.version_info.major}.{sys.version_info.minor}"
    subprocess.run(  # noqa: S603 - our own Makefile
        ["make", "--silent", "build-native", f"ARTIFACTS_DIR={artefact}", version, f"PLATFORM={system}"],  # noqa: S607
        cwd=_ROOT,
        check=True,
    )
    bare.mkdir()
    site = Path(sysconfig.get_path("purelib"))
    for name in _BARE:
        source = site / name
        if source.is_dir():
            shutil.copytree(source, bare / name, ignore=BYTECODE)
        else:
            shutil.copy(source, bare / name)
    shutil.copy(Path(__file__).parent / "synchronous" / "handler.py", bare / "synchronous.py")
    (bare / "empty.py").write_text(_EMPTY)
    # Fair: both bring their bytecode.
    compileall.compile_dir(bare, quiet=1, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    return artefact, bare


def zipped(folder: Path) -> int:
    """Bytes of its ZIP file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writer:
        for file in sorted(folder.rglob("*")):
            writer.write(file, file.relative_to(folder))
    return archive.tell()
