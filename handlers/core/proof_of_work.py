"""The stamp that the page's worker computes: cheap once, dear ten thousand times, and no server is asked."""

import hashlib

#: site/stamp.js counts to the same number; a contract test compares them.
DIFFICULTY_BITS = 18


def is_valid(submission_id: str, stamp: str) -> bool:
    """Bound to the submission id, so a stamp pays for one message only."""
    if not submission_id or not stamp:
        return False
    digest = hashlib.sha256(f"{submission_id}:{stamp}".encode()).digest()
    return int.from_bytes(digest) >> (256 - DIFFICULTY_BITS) == 0
