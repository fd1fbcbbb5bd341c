"""Cut botocore's data down to what the functions read: `python ops/trim_models.py <botocore/data> SERVICE…`.

Making a client means parsing its service's model, of which four fifths are documentation, and the endpoints of every
service that AWS has. Run by the Makefile with whatever Python builds the bundle, so it needs the standard library only.
"""

import gzip
import json
import shutil
import sys
from pathlib import Path
from typing import Any


def main(data: Path, services: set[str]) -> None:
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in services:
            shutil.rmtree(folder)
    prefixes = {_trim(model) for model in data.rglob("service-2.json.gz")}
    for example in data.rglob("examples-1.json"):
        example.unlink()
    endpoints = json.loads((data / "endpoints.json").read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in sorted(prefixes & known.keys())}
    (data / "endpoints.json").write_text(json.dumps(endpoints), encoding="utf-8")


def _trim(model: Path) -> str:
    """Take the documentation out of one model; return the service's name among the endpoints."""
    whole = json.loads(gzip.decompress(model.read_bytes()))
    # No date in the file: the same input gives the same bytes.
    model.write_bytes(gzip.compress(json.dumps(_undocumented(whole)).encode(), mtime=0))
    prefix: str = whole["metadata"]["endpointPrefix"]
    return prefix


def _undocumented(part: Any) -> Any:
    match part:
        case dict():
            # A member may be called documentation too; its value is no text.
            kept = {k: v for k, v in part.items() if k != "documentation" or not isinstance(v, str)}
            return {name: _undocumented(value) for name, value in kept.items()}
        case list():
            return [_undocumented(value) for value in part]
        case _:
            return part


if __name__ == "__main__":
    main(Path(sys.argv[1]), set(sys.argv[2:]))
