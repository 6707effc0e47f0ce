"""Adds up what papers before this one have billed over and under what was expected of them.

Differences add up by their side: one paper that was cheap does not pay for another that is dear, or a dear invoice,
split in two, would hide behind it. Only a credit note takes back what was billed too much.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.money import NEGLIGIBLE, ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """Differences of earlier papers: `over` is 0 or more, `under` 0 or less, `expected` what they are measured by."""

    over: Decimal = ZERO
    under: Decimal = ZERO
    expected: Decimal = ZERO

    def beside(self, now: Decimal) -> Decimal:
        """What papers before left on the side of this difference; 0 where there is none, so that nothing grows."""
        earlier = self.over if now > 0 else self.under
        return earlier if min(abs(now), abs(earlier)) > NEGLIGIBLE else ZERO


def add_up(papers: Iterable[tuple[Decimal, Decimal, Decimal]]) -> Earlier:
    """Sums the difference, the expected and the billed amount of each paper; one billed below 0 is a credit note."""
    over = under = total = ZERO
    for difference, expected, billed in papers:
        over += difference if difference > 0 or billed < 0 else ZERO
        under += min(difference, ZERO)
        total += expected
    return Earlier(over=max(over, ZERO), under=under, expected=total)
