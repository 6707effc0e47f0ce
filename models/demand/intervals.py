"""Turns the trees' quantiles into ones that hold what they promise, by offsets learnt on a later period.

Trees are trained at a few levels. Every level asked for starts from them, in between or beyond, and is moved by the
quantile of what was left over in the calibration periods (conformal offsets, Romano, Patterson and Candès 2019), by
horizon and segment. It supposes that errors of the next weeks are like those of the last.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

TRAINED = (0.05, 0.5, 0.95)
LEVELS = (0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975)
_LEAST = 300
_ALL = -1
ASLEEP = (0, 4)
_RARE, _STEADY = 0.1, 0.5


def segments_of(share_sold: "NDArray[np.float32]", promotion: "NDArray[np.float32] | None") -> "NDArray[np.int64]":
    """0 not sold of late, 1 seldom, 2 now and then, 3 steadily; and 4 more in a period with a planned promotion."""
    share = np.nan_to_num(share_sold)
    kind = np.where(share <= 0, 0, np.where(share < _RARE, 1, np.where(share < _STEADY, 2, 3))).astype(np.int64)
    return kind if promotion is None else kind + 4 * (np.nan_to_num(promotion) > 0.5)


def spread(trained: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Rows × trained levels to rows × `LEVELS`, by straight lines; beyond the outermost, the outermost."""
    ordered = np.sort(trained, axis=1)
    columns = [_between(ordered, level) for level in LEVELS]
    return np.stack(columns, axis=1)


def _between(ordered: "NDArray[np.float64]", level: float) -> "NDArray[np.float64]":
    if level <= TRAINED[0]:
        return ordered[:, 0]
    for at in range(1, len(TRAINED)):
        if level <= TRAINED[at]:
            share = (level - TRAINED[at - 1]) / (TRAINED[at] - TRAINED[at - 1])
            return ordered[:, at - 1] * (1 - share) + ordered[:, at] * share
    return ordered[:, -1]


def learn_offsets(
    actual: "NDArray[np.float64]",
    quantiles: "NDArray[np.float64]",
    segments: "NDArray[np.int64]",
    horizons: "NDArray[np.int64]",
) -> dict[str, list[float]]:
    """What each level is moved by, for every horizon block of a segment that has enough rows, and for coarser ones.

    Args:
        actual: rows; quantiles: rows × `LEVELS`; both as the trees see them.
        horizons: the block each row's horizon is in.
    """
    left = actual[:, None] - quantiles
    found = {_key(_ALL, _ALL): _offsets(left)}
    for segment in np.unique(segments):
        mine = segments == segment
        if mine.sum() >= _LEAST:
            found[_key(int(segment), _ALL)] = _offsets(left[mine])
        for horizon in np.unique(horizons[mine]):
            cell = mine & (horizons == horizon)
            if cell.sum() >= _LEAST:
                found[_key(int(segment), int(horizon))] = _offsets(left[cell])
    return found


def apply_offsets(
    quantiles: "NDArray[np.float64]",
    segments: "NDArray[np.int64]",
    block: int,
    offsets: Mapping[str, Any],
) -> "NDArray[np.float64]":
    """Quantiles moved by the finest offsets there are, and put in order: none crosses another."""
    moved = quantiles.copy()
    for segment in np.unique(segments):
        keys = (_key(int(segment), block), _key(int(segment), _ALL), _key(_ALL, _ALL))
        by = next((offsets[key] for key in keys if key in offsets), None)
        if by is not None:
            moved[segments == segment] += np.asarray(by, dtype=np.float64)
    return np.sort(moved, axis=1)


def _offsets(left: "NDArray[np.float64]") -> list[float]:
    """The level's quantile of what is left over, with the correction for a finite sample; the median stays."""
    count = len(left)
    found = []
    for at, level in enumerate(LEVELS):
        if level == 0.5:
            found.append(0.0)
            continue
        rank = min(1.0, level * (count + 1) / count) if level > 0.5 else max(0.0, (level * (count + 1) - 1) / count)
        found.append(float(np.quantile(left[:, at], rank, method="higher" if level > 0.5 else "lower")))
    return found


def _key(segment: int, block: int) -> str:
    return f"{segment}/{block}"
