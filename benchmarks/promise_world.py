"""Invented houses for trying promises on: papers whose true chance of being wrong is known, and ways they change.

Every house is drawn anew: how often a field of a source is troubled, how its confidence bends, which suppliers send
papers that are hard to read. Papers are those nothing but confidence stands against. On the generated invoices of
`clearhold-train documents` about nine values in ten are read with confidence 0.98 or more and hardly ever wrong, and
the rest wrong in 5 to 40 of 100; the houses are made like that.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from triage.promise_history import History
from triage.promise_shape import Floats

FIELDS = (
    "currency",
    "invoice_number",
    "issue_date",
    "lines.line_net_amount",
    "lines.quantity",
    "payment_iban",
    "purchase_order_reference",
    "total_with_vat",
    "total_without_vat",
)
SOURCES = ("text_layer", "ocr")
TOLERATED, LEVEL = 0.005, 0.95
_KNOTS = np.array(
    [0.05, 0.2, 0.4, 0.6, 0.75, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.996, 0.997, 0.998]
)
_SUPPLIERS = 300
_PRESENT = np.array([1.0, 1.0, 1.0, 0.97, 0.97, 0.8, 0.85, 1.0, 0.9])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How far a house has changed from what it was.

    Attributes:
        scans: more of the papers are scans, as a share of all.
        trouble: so many times as many values of scans are hard to read; their confidences fall with it.
        odds: log-odds added to every error of a scan at the same confidence: calibration that is lost.
        renewed: share of the suppliers that are new ones.
    """

    scans: float = 0.0
    trouble: float = 1.0
    odds: float = 0.0
    renewed: float = 0.0


@dataclass(slots=True)
class Papers:
    """Papers with what a house sees of them, and the true chance of each to be wrong."""

    history: History
    chance_wrong: Floats
    by_value: Floats = field(repr=False)


class House:
    """One invented house."""

    def __init__(self, seed: int) -> None:
        self.draw = draw = np.random.default_rng(seed)
        shape = (len(SOURCES), len(FIELDS))
        self.trouble = np.clip(np.array([[0.035], [0.08]]) * np.exp(draw.normal(0, 0.5, shape)), 0, 0.5)
        self.hard = np.array([[-2.8], [-2.4]]) + draw.normal(0, 0.4, shape)
        self.easy = np.array([[-10.0], [-9.3]]) + draw.normal(0, 0.6, shape)
        self.offset, self.slope = draw.normal(0.6, 0.5, shape), np.clip(draw.normal(0.95, 0.12, shape), 0.6, 1.4)
        self.before, self.after = self._suppliers(), self._suppliers()

    def _suppliers(self) -> tuple[Floats, Floats]:
        layout = np.exp(self.draw.normal(0, 1.0, _SUPPLIERS))
        return self.draw.normal(0, 0.4, _SUPPLIERS), layout / layout.mean()

    def papers(self, count: int, change: Change | list[Change]) -> Papers:
        """Papers one after the other; a list of changes is walked through from the first paper to the last."""
        changes = change if isinstance(change, list) else [change]
        place = (np.arange(count) * len(changes)) // max(count, 1)
        now: dict[str, Any] = {
            name: np.array([getattr(one, name) for one in changes])[place] for name in Change.__slots__
        }
        draw = self.draw
        source = (draw.random(count) < 0.3 + now["scans"]).astype(np.int64)
        who, is_new = draw.integers(0, _SUPPLIERS, count), draw.random(count) < now["renewed"]
        skew = np.where(is_new, self.after[0][who], self.before[0][who])
        layout = np.where(is_new, self.after[1][who], self.before[1][who])
        often = self.trouble[source] * (layout * np.where(source == 1, now["trouble"], 1.0))[:, None]
        shape = (count, len(FIELDS))
        is_hard = draw.random(shape) < np.clip(often, 0, 0.9)
        hidden = np.where(
            is_hard, self.hard[source] + draw.normal(0, 1.3, shape), self.easy[source] + draw.normal(0, 1.0, shape)
        )
        error = 1 / (1 + np.exp(-(hidden + skew[:, None] + (now["odds"] * source)[:, None])))
        seen = hidden + draw.normal(0, 0.7, shape)
        stated = 1 / (1 + np.exp(self.offset[source] + self.slope[source] * seen))
        confidence = _KNOTS[np.clip(np.searchsorted(_KNOTS, stated, side="right") - 1, 0, len(_KNOTS) - 1)]
        absent = draw.random(shape) > _PRESENT
        confidence, error = np.where(absent, np.nan, confidence), np.where(absent, 0.0, error)
        wrong = draw.random(shape) < error
        history = History(
            fields=FIELDS,
            sources=SOURCES,
            confidence=confidence,
            right=~wrong,
            source=source,
            wrong=np.asarray(wrong.any(axis=1)),
            chance=np.ones(count),
        )
        return Papers(history, 1 - np.prod(1 - error, axis=1), error)


def oracle_share(papers: Papers) -> float:
    """The largest share any thresholds by field and source could clear with the promise kept, the truth being known."""
    history, doubt = papers.history, np.zeros(len(papers.history))
    for source in range(len(SOURCES)):
        for column in range(len(FIELDS)):
            there = (history.source == source) & ~np.isnan(history.confidence[:, column])
            level = np.searchsorted(_KNOTS, history.confidence[there, column])
            count = np.bincount(level, minlength=len(_KNOTS))
            errors = np.bincount(level, weights=papers.by_value[there, column], minlength=len(_KNOTS))
            rate = np.minimum.accumulate(np.where(count > 0, errors / np.maximum(count, 1), 1.0))
            doubt[there] = np.maximum(doubt[there], rate[level])
    order = np.argsort(doubt, kind="stable")
    risk = np.cumsum(papers.chance_wrong[order]) / np.arange(1, len(order) + 1)
    last_of_its_doubt = np.r_[np.diff(doubt[order]) > 0, True]
    kept = np.flatnonzero(last_of_its_doubt & (risk <= TOLERATED))
    return float((kept[-1] + 1) / len(order)) if len(kept) else 0.0
