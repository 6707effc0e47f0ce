"""What the queue is narrowed to besides its tab: reason code, supplier, money, due day, age, whose work. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, get_args

from core.errors import InputError

Due = Literal["over", "today", "3d", "7d", "later"]
"""Past due; due by the end of today (UTC), of the third or of the seventh day from now; or after that."""

DUES: tuple[str, ...] = get_args(Due)


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What a list of cases is narrowed to; None, and nobody, leaves a thing open.

    Attributes:
        code: one of the case's findings has it; with `alone` it is the only code the case is held by.
        supplier: words of the name a paper's case begins with, or the supplier's number.
        min_amount, max_amount: of what is at stake, each case in its own currency.
        older_days: open for at least so many days.
        user, shares: cases that person has claimed, and those given to any of these people.
        assigned_to: given to this person.
        is_escalated: handed on by the policy's timers.
    """

    code: str | None = None
    alone: bool = False
    supplier: str | None = None
    min_amount: Decimal | None = None
    max_amount: Decimal | None = None
    due: str | None = None
    older_days: int | None = None
    user: str | None = None
    shares: frozenset[str] = frozenset()
    assigned_to: str | None = None
    is_escalated: bool = False

    def __post_init__(self) -> None:
        """Refuses what no list could be narrowed to (`CASE-FILTER`)."""
        if self.due is not None and self.due not in DUES:
            raise InputError("CASE-FILTER", f"{self.due!r} says no day.", f"Use one of {', '.join(DUES)}.")
        amounts = [one for one in (self.min_amount, self.max_amount) if one is not None]
        if any(not one.is_finite() or abs(one) >= 10**15 for one in amounts):
            raise InputError("CASE-FILTER", "The amount is no amount of money.", "Write a plain number, as 1250.50.")


EVERYTHING = Narrowing()
