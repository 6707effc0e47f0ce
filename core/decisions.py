"""What was found and what follows from it: outcomes, findings and decisions."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.documents import Evidence


class Outcome(StrEnum):
    """The chain `clear < sample < hold < block`. Compare with `rank`, join with `highest`."""

    CLEAR = "clear"
    SAMPLE = "sample"
    HOLD = "hold"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """Place in the chain, 0 for clear to 3 for block."""
        return _CHAIN[self]


_CHAIN = {Outcome.CLEAR: 0, Outcome.SAMPLE: 1, Outcome.HOLD: 2, Outcome.BLOCK: 3}


def highest(*outcomes: Outcome) -> Outcome:
    """The join of outcomes: the strictest of them, `clear` of none."""
    return max(outcomes, key=lambda outcome: outcome.rank, default=Outcome.CLEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a control found, in words an AP clerk uses.

    Attributes:
        code: the control's permanent code (`MATCH-PRICE`).
        outcome: what this finding alone asks for.
        message: the finding as a sentence.
        expected, actual, difference, tolerance: as written for a person, with unit or currency; None where not meant.
        subject: what it is about: a field name, `line 3`, or None for the whole paper.
        facts: the records it used, as `kind:key` (`purchase_order_line:4500012/2`), sorted.
        evidence: where on the paper it can be seen.
        at_risk_amount: money that would be lost if this were cleared wrongly, plain decimal in the paper's currency.
    """

    code: str
    outcome: Outcome
    message: str
    expected: str | None = None
    actual: str | None = None
    difference: str | None = None
    tolerance: str | None = None
    subject: str | None = None
    facts: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    at_risk_amount: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The join of controls, confidence floor, model floor, sampling and ERP block, under one policy version."""

    document_id: str
    outcome: Outcome
    findings: tuple[Finding, ...]
    decided_at: datetime
    inputs_hash: str
    policy_hash: str
    rules_version: str
    models: tuple[str, ...] = field(default=())
