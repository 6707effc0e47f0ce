"""The promise in force when a paper was decided: what its values need to be relied on, and what that rests on."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldNeed:
    """The least confidence of one field; None when history is too little for any.

    `labels`: judged readings of that field and source it rests on.
    """

    field: str
    threshold: Decimal | None
    labels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseInForce:
    """What is known for one kind of paper and the source this one was read from.

    Attributes:
        version: of the thresholds, 0 when none were ever derived.
        source: the least exact source on the paper.
        error_pct, confidence_pct: what was promised when they were derived.
        papers: judged papers they rest on, of every source.
        needed: about how many it takes, where there are too few; None when nobody can say.
        is_broken: whether blind checks have broken the promise for this source, and history has not caught up since.
    """

    version: int
    source: str
    error_pct: Decimal
    confidence_pct: Decimal
    papers: int
    needed: int | None = None
    is_broken: bool = False
    fields: tuple[FieldNeed, ...] = ()
