"""Which sampled papers a second person checks, and whether two people said the same of one. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from triage.joining import is_drawn
from triage.policy import Policy

SECOND, THIRD = "second", "third"
"""What a case waits for: a second person, who does not know what the first found; a third, who decides between them."""

NOTHING_DIFFERS: Mapping[str, str] = {}
"""What a verdict says that finds every value as it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a person says of a sampled paper.

    Attributes:
        differs: values that are not as the machine read them, by field; an empty one is not on the paper.
    """

    reviewer: str
    role: str
    resolution: str
    reason_code: str
    comment: str | None
    differs: Mapping[str, str]


def is_second_drawn(policy: Policy, sha256: str) -> bool:
    """Whether a second person checks this paper: the same answer every time, by the paper and the policy's seed."""
    return is_drawn(policy, f"second:{sha256}", policy.deciding.second_review_pct / Decimal(100))


def same(one: Verdict, other: Verdict) -> bool:
    """Whether two people said the same: the same end, and the same values differ in the same way.

    Why they say so may differ; two readings of one number that are written differently are the same number.
    """
    if one.resolution != other.resolution or one.differs.keys() != other.differs.keys():
        return False
    return all(_same_value(one.differs[name], other.differs[name]) for name in one.differs)


def _same_value(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one.strip().casefold() == other.strip().casefold()
