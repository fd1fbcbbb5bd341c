"""Why a message is held for a person instead of sent. The visitor's answer is the same either way."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from handlers.core import content_rules, proof_of_work
from schemas.submission import Submission


@dataclass(frozen=True)
class Rules:
    """The deployer's choices. Milliseconds; an empty origin means that browsers from anywhere may post."""

    minimum_fill_milliseconds: int
    require_proof_of_work: bool
    allowed_origin: str
    #: points at which the content is suspicious; 0: it never is
    content_score_limit: int
    #: form id → its page's origin, None: any form will do; `allowed_origin` is that of a post which names none
    form_origins: Mapping[str, str] | None = field(default_factory=dict)


def reason_to_hold(submission: Submission, origin: str, rules: Rules) -> str | None:
    """The first reason that applies. A plain post of the three fields, as from an API client, has none."""
    if submission.website:
        return "honeypot_filled"
    allowed = _origin_of(submission.form, rules)
    if allowed is None:
        return "unknown_form"
    if origin and allowed and origin != allowed:
        return "foreign_origin"
    if 0 < submission.fillMilliseconds < rules.minimum_fill_milliseconds:
        return "filled_too_fast"
    if rules.require_proof_of_work and not proof_of_work.is_valid(submission.submissionId, submission.stamp):
        return "no_proof_of_work"
    return content_rules.reason_to_hold(submission, rules.content_score_limit)


def _origin_of(form: str, rules: Rules) -> str | None:
    """Where a form is filled in; empty: anywhere. None: there is no such form."""
    if not form:
        return rules.allowed_origin
    return "" if rules.form_origins is None else rules.form_origins.get(form)
