"""Papers whose reading a person has judged, as tables of numbers: what a promise is derived from.

A history is one document kind, one bundle, one trailing window, oldest first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from triage.promise_shape import Flags, Floats, Whole

BANDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPaper:
    """A paper somebody has looked at.

    Attributes:
        source: what its values were read from; where several, the least exact of them.
        readings: by field, the confidence as read and whether the value was right; fields that need no confidence
            (of exact sources, or not on the paper) are left out. Of line values the least sure one counts.
        wrong: whether anything the decision relies on was wrong or missing.
        chance: the chance with which such a paper comes to be judged: 1 when held, the draw's when sampled.
    """

    source: str
    readings: Mapping[str, tuple[float, bool]]
    wrong: bool
    chance: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Judged papers, a row each. NaN in `confidence` where a paper has no such value."""

    fields: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Floats
    right: Flags
    source: Whole
    wrong: Flags
    chance: Floats

    def __len__(self) -> int:
        return len(self.wrong)

    def part(self, rows: slice | Flags) -> "History":
        """Some of its papers."""
        return History(
            fields=self.fields,
            sources=self.sources,
            confidence=self.confidence[rows],
            right=self.right[rows],
            source=self.source[rows],
            wrong=self.wrong[rows],
            chance=self.chance[rows],
        )


def history_of(papers: Iterable[JudgedPaper]) -> History:
    """The table of these papers, in their order."""
    rows = tuple(papers)
    fields = tuple(sorted({name for paper in rows for name in paper.readings}))
    sources = tuple(sorted({paper.source for paper in rows}))
    confidence = np.full((len(rows), len(fields)), np.nan)
    right = np.ones((len(rows), len(fields)), dtype=np.bool_)
    places = {name: place for place, name in enumerate(fields)}
    for row, paper in enumerate(rows):
        for name, (sure, is_right) in paper.readings.items():
            confidence[row, places[name]], right[row, places[name]] = sure, is_right
    return History(
        fields=fields,
        sources=sources,
        confidence=confidence,
        right=right,
        source=np.array([sources.index(paper.source) for paper in rows], dtype=np.int64),
        wrong=np.array([paper.wrong for paper in rows], dtype=np.bool_),
        chance=np.array([paper.chance for paper in rows], dtype=np.float64),
    )


def weights_of(doubt: Floats, chance: Floats) -> Floats:
    """How many papers each judged one stands for, evened out among papers of like doubt.

    A paper drawn with chance p stands for 1/p of its kind (Horvitz & Thompson). Within a band of like doubt all judged
    papers tell the same, so they share their band's total evenly: early papers, all judged, and later ones, of which
    few are drawn, then count alike instead of a few counting for nearly everything.

    Assumption: among papers of like doubt, which were drawn says nothing of which were wrong.
    """
    stands_for = 1.0 / np.clip(chance, 1e-6, 1.0)
    finite = doubt[np.isfinite(doubt)]
    if not len(finite):
        return np.asarray(stands_for, dtype=np.float64)
    edges = np.unique(np.quantile(finite, np.linspace(0, 1, BANDS + 1)[1:-1]))
    band = np.searchsorted(edges, doubt, side="left")
    total = np.bincount(band, weights=stands_for, minlength=len(edges) + 1)
    count = np.bincount(band, minlength=len(edges) + 1)
    return np.asarray((total / np.maximum(count, 1))[band], dtype=np.float64)
