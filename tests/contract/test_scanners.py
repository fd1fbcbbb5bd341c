"""cfn-lint, cfn-guard and checkov find nothing that is not waived with its reason in tests/policy/waivers.yaml."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.translated import template
from tests.policy import scanners
from tests.policy.resolved import GIVEN, Resolved

WAIVERS: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(scanners.__file__).with_name("waivers.yaml").read_text()
)
EVERYTHING_ON = GIVEN | {"CustomerManagedKey": "on", "RateLimitPerAddress": "100"}
SCANNERS = {
    "E": scanners.cfn_lint,
    "CT.": scanners.cfn_guard,
    "CKV": scanners.checkov,
}


def test_every_waiver_says_why() -> None:
    assert [rule for rule, waiver in WAIVERS.items() if len(waiver["why"]) < 20] == []


@pytest.mark.parametrize("prefix", SCANNERS)
def test_what_a_scanner_finds_is_mended_or_waived_and_every_waiver_is_needed(
    prefix: str, tmp_path: Path
) -> None:
    found = SCANNERS[prefix](scanners.written(Resolved(template(), EVERYTHING_ON).chosen(), tmp_path))
    waived = {rule: waiver["at"] for rule, waiver in WAIVERS.items() if rule.startswith(prefix)}
    new = {(rule, at) for rule, at in found if not (waived.get(rule) == "all" or at in waived.get(rule, ()))}
    assert sorted(new) == []
    assert sorted(waived.keys() - {rule for rule, _ in found}) == []
