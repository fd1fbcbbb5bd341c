"""A scenario as Artillery gets it: the file, aimed at a target and scaled."""

import json
from pathlib import Path
from typing import Any

import yaml

SCENARIOS = Path(__file__).parent / "scenarios"


def names() -> list[str]:
    return sorted(file.stem for file in SCENARIOS.glob("*.yml"))


def script(name: str, target: str, scale: float) -> dict[str, Any]:
    """`scale` 0.1: a tenth of the visitors, and of the messages of each; durations stay."""
    read: dict[str, Any] = yaml.safe_load((SCENARIOS / f"{name}.yml").read_text(encoding="utf-8"))
    config = read["config"]
    config |= {"target": target, "processor": str(SCENARIOS / "hooks.js")}
    if "payload" in config:
        config["payload"]["path"] = str(SCENARIOS / config["payload"]["path"])
    for phase in config["phases"]:
        phase |= {
            key: _scaled(phase[key], scale)
            for key in ("arrivalCount", "arrivalRate", "rampTo")
            if key in phase
        }
    for step in (step for scenario in read["scenarios"] for step in scenario["flow"] if "loop" in step):
        step["count"] = _scaled(step["count"], scale)
    return read


def write(folder: Path, name: str, target: str, scale: float) -> Path:
    file = folder / "script.json"
    file.write_text(json.dumps(script(name, target, scale), indent=1))
    return file


def _scaled(number: float, scale: float) -> int:
    return max(1, round(number * scale))
