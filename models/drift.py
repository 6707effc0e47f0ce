"""Says how far what a model sees, and says, has moved from what it was trained on.

The population stability index of a column is Σ (now − then) · ln(now / then) over bins that held equal shares then.
By chance alone it is about (bins − 1) · (1/n + 1/m), so that a bigger sample would look calmer and a smaller one
wilder: samples are of one fixed size, and what chance explains is told beside every figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAMPLE, BINS = 1_000, 10
REFERENCE = "drift"
"""Where a bundle's content tells of what it was trained on."""
LEAST_ROWS = 50
"""Fewer say nothing."""
MOVED, MUCH = 0.1, 0.25
SCORE = "score"
_LEAST_SHARE = 1e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """How far one column moved.

    Attributes:
        psi: population stability index; the missing are a bin of their own.
        by_chance: what it would exceed once in twenty times had nothing moved.
        missing, missing_before: shares of rows without a value.
    """

    column: str
    psi: float
    by_chance: float
    missing: float
    missing_before: float

    @property
    def verdict(self) -> str:
        """`steady`, `moved` or `much`."""
        if self.psi <= max(MOVED, self.by_chance):
            return "steady"
        return "moved" if self.psi <= max(MUCH, self.by_chance) else "much"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far a model's columns and its scores moved, those that moved most first.

    Attributes:
        rows: of the sample that was compared; 0 where there were too few, and nothing is said.
    """

    rows: int
    columns: tuple[Moved, ...] = ()
    score: Moved | None = None
    score_mean: float | None = None
    score_mean_before: float | None = None


def reference(
    rows: "Floats", columns: Sequence[str], scores: "Floats | None" = None, *, seed: int = 0
) -> dict[str, Any]:
    """What a model was trained on, as JSON for its bundle: bins of each column, and of its scores.

    Args:
        rows: rows × columns; `nan` is a missing value.
        scores: what the model says of them.
    """
    taken = sampled(len(rows), seed)
    kept: dict[str, Any] = {
        "rows": len(taken),
        "columns": {name: _bins(rows[taken, at]) for at, name in enumerate(columns)},
    }
    if scores is not None:
        kept["score"] = {**_bins(scores[taken]), "mean": float(np.nanmean(scores[taken])) if len(taken) else None}
    return kept


def drift(then: Mapping[str, Any], rows: "Floats", scores: "Floats | None" = None, *, seed: int = 0) -> Drift:
    """How far rows, and what a model says of them, moved from a reference.

    Args:
        rows: rows × the reference's columns in its order; of none of them where only scores are known.
    """
    count = len(rows) if scores is None else len(scores)
    if count < LEAST_ROWS:
        return Drift(rows=0)
    taken = sampled(count, seed)
    has_rows = rows.ndim == 2 and rows.shape[1] == len(then["columns"])
    columns = [
        _moved(name, bins, rows[taken, at], then["rows"])
        for at, (name, bins) in enumerate(then["columns"].items())
        if has_rows
    ]
    score = None
    if scores is not None and "score" in then:
        score = _moved(SCORE, then["score"], scores[taken], then["rows"])
    return Drift(
        rows=len(taken),
        columns=tuple(sorted(columns, key=lambda one: (-one.psi, one.column))),
        score=score,
        score_mean=None if scores is None else float(np.mean(scores)),
        score_mean_before=then["score"].get("mean") if score is not None else None,
    )


def as_kept(row: "Sequence[float] | Floats") -> tuple[float | None, ...]:
    """One row as it is kept beside what was said of it: None for a missing value."""
    return tuple(None if np.isnan(value) else float(value) for value in row)


def sampled(count: int, seed: int) -> "NDArray[np.int64]":
    """Places of a sample of the fixed size; all where there are no more. The same seed draws the same."""
    if count <= SAMPLE:
        return np.arange(count)
    return np.asarray(np.sort(np.random.default_rng(seed).choice(count, size=SAMPLE, replace=False)))


def _bins(values: "Floats") -> dict[str, Any]:
    """Edges that cut the values into equal shares, fewer where they repeat, and the share in each bin."""
    known = values[~np.isnan(values)]
    cuts = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1])) if len(known) else np.zeros(0)
    edges = [float(cut) for cut in cuts]
    return {"edges": edges, "shares": [float(share) for share in _shares(values, edges)]}


def _shares(values: "Floats", edges: Sequence[float]) -> "Floats":
    """Share of the values in each bin, the missing in the last."""
    missing = np.isnan(values)
    places = np.searchsorted(np.asarray(edges), values[~missing], side="left")
    counts = np.bincount(places, minlength=len(edges) + 1).astype(np.float64)
    return np.concatenate((counts, [float(missing.sum())])) / max(1, len(values))


def _moved(name: str, bins: Mapping[str, Any], values: "Floats", rows_before: int) -> Moved:
    before, now = np.asarray(bins["shares"], dtype=np.float64), _shares(values, bins["edges"])
    used = (before > 0) | (now > 0)
    then, at = np.maximum(before[used], _LEAST_SHARE), np.maximum(now[used], _LEAST_SHARE)
    free = max(1, int(used.sum()) - 1)
    chance = (free + 1.645 * np.sqrt(2 * free)) * (1 / max(1, len(values)) + 1 / max(1, rows_before))
    return Moved(
        column=name,
        psi=float(((at - then) * np.log(at / then)).sum()),
        by_chance=float(chance),
        missing=float(now[-1]),
        missing_before=float(before[-1]),
    )
