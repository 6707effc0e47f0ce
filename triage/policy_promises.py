"""What a policy promises of the papers it clears: how many may be wrong, how surely, and who hears of it if not."""

from decimal import Decimal
from typing import Literal

from triage.policy_parts import Days, Part, Percent, Share

Basis = Literal["promise", "typed"]


class Confidence(Part):
    """The least confidence with which a value may be relied on, by field; `default` for the rest.

    Attributes:
        basis: `promise`: thresholds follow from the promises and labelled history, the numbers here are only floors;
            `typed`: the numbers here are the thresholds.
        exact_sources: sources whose values are data, not read: no promise is needed to rely on them.
    """

    basis: Basis = "typed"
    exact_sources: tuple[str, ...] = ()
    document_type: Share
    default: Share
    fields: dict[str, Share]
    line_default: Share
    line_fields: dict[str, Share]

    def of_field(self, name: str) -> Decimal:
        """The number typed in for a header field, or `lines.…` for a value of the lines."""
        if name.startswith(LINES):
            return self.of_line_field(name.removeprefix(LINES))
        return self.fields.get(name, self.default)

    def of_line_field(self, name: str) -> Decimal:
        """The number typed in for a line value."""
        return self.line_fields.get(name, self.line_default)


class Promise(Part):
    """Of the cleared papers of one kind no more than `error_pct` are wrong, with confidence `confidence_pct`.

    Attributes:
        window_days: how far back labelled history counts.
        sample_pct: the least share of what would clear that is drawn for a blind check.
        owner: the role whose case it is when the promise is broken.
    """

    error_pct: Percent
    confidence_pct: Percent
    window_days: Days
    sample_pct: Percent
    owner: Literal["ap_approver", "admin"]


LINES = "lines."
"""How a value of the lines is named where all lines are meant: `lines.quantity`."""
