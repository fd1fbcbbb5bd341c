"""What IAM decides about every call that is made, and about calls that nobody may make."""

from fnmatch import fnmatchcase

import pytest

from tests.contract.translated import template
from tests.policy.engine import Request, decide
from tests.policy.forged import forged, forged_with_one_owner
from tests.policy.recording import checked_in
from tests.policy.requests import in_role, of_aws_in_our_roles, of_services, permissions
from tests.policy.resolved import GIVEN, Resolved

#: Several owners, and the key of one's own, change policies; each is judged with everything else switched on.
VARIANTS = {
    "one owner": GIVEN,
    "several forms": GIVEN
    | {
        "Forms": "contact|en|https://www.example.com|owner@example.org|,shop|en|https://www.example.com|shop@example.org|",
        "FormAddresses": "owner@example.org,shop@example.org",
    },
    "own key": GIVEN | {"CustomerManagedKey": "on", "RateLimitPerAddress": "100"},
}


def _used(resolved: Resolved) -> list[Request]:
    return [*map(in_role, sorted(checked_in())), *of_aws_in_our_roles(resolved), *of_services(resolved)]


@pytest.mark.parametrize("variant", VARIANTS)
def test_iam_allows_what_is_called_and_denies_what_is_forged(variant: str) -> None:
    resolved = Resolved(template(), VARIANTS[variant])
    used = _used(resolved)
    wrong = forged() + (forged_with_one_owner() if variant == "one owner" else [])
    assert len(wrong) >= 40
    verdicts = decide(resolved, [*used, *wrong])
    answered = list(zip([*used, *wrong], verdicts, strict=True))
    assert [str(request) for request, verdict in answered[: len(used)] if verdict != "Allowed"] == []
    assert [str(request) for request, verdict in answered[len(used) :] if verdict == "Allowed"] == []


@pytest.mark.parametrize("variant", ["one owner", "own key"])
def test_no_role_has_a_permission_that_nothing_uses(variant: str) -> None:
    resolved = Resolved(template(), VARIANTS[variant])
    used = [(r.who, r.action, resolved.on(r.on)) for r in _used(resolved)]
    idle = [
        (role, action, pattern)
        for role, action, pattern in permissions(resolved)
        if not any((role, action) == call[:2] and fnmatchcase(call[2], pattern) for call in used)
    ]
    assert idle == []
