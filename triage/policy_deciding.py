"""What the policy says about deciding: how long it may be taken back, how long an answer is waited for, who checks."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from triage.policy_parts import Part, Percent

LONGEST_UNDO_MINUTES = 24 * 60
LONGEST_ANSWER_DAYS = 365


class Deciding(Part):
    """Times and shares around a person's decision.

    Attributes:
        undo_minutes: so long who ended a case may take it back; other programs are told of the end only then. 0: at
            once, and nothing is taken back.
        answer_days: so long an answer is waited for where who asks names no day.
        second_review_pct: share of the sampled cases that a second person checks blind.
    """

    undo_minutes: Annotated[int, Field(ge=0, le=LONGEST_UNDO_MINUTES)]
    answer_days: Annotated[int, Field(ge=1, le=LONGEST_ANSWER_DAYS)]
    second_review_pct: Percent


AS_BEFORE = Deciding(undo_minutes=15, answer_days=7, second_review_pct=Decimal(0))
"""What a policy says that was written before there was this table."""
