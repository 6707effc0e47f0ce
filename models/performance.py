"""How good a model's predictions turned out, once it is known what came: probabilities and quantities."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """How predictions of one month turned out; a figure that has no answer is None.

    Attributes:
        labelled: how many of them it is known of.
        auc, brier, ece: of probabilities.
        wape, bias: of quantities: sum of misses, and of misses with their sign, over what came.
    """

    labelled: int
    auc: float | None = None
    brier: float | None = None
    ece: float | None = None
    wape: float | None = None
    bias: float | None = None


def of_probabilities(came_true: "Floats", said: "Floats") -> Performance:
    """Ranking and honesty of probabilities."""
    if not len(said):
        return Performance(labelled=0)
    return Performance(
        labelled=len(said),
        auc=_auc(came_true > 0, said),
        brier=float(np.mean((said - came_true) ** 2)),
        ece=_ece(came_true, said),
    )


def of_quantities(came: "Floats", said: "Floats") -> Performance:
    """Misses of quantities over what came."""
    total = float(np.abs(came).sum())
    if not len(said) or total == 0:
        return Performance(labelled=len(said))
    missed = said - came
    return Performance(labelled=len(said), wape=float(np.abs(missed).sum()) / total, bias=float(missed.sum()) / total)


def _auc(came_true: "NDArray[np.bool_]", said: "Floats") -> float | None:
    """The chance that one that came true was ranked above one that did not; ties count half."""
    yes, no = np.sort(said[came_true]), np.sort(said[~came_true])
    if not len(yes) or not len(no):
        return None
    below, upto = np.searchsorted(no, yes, side="left"), np.searchsorted(no, yes, side="right")
    return float((below + upto).sum() / 2 / (len(yes) * len(no)))


def _ece(came_true: "Floats", said: "Floats") -> float:
    """Distance of mean probability and share come true over ten equal bins, by their size."""
    places = np.clip(np.searchsorted(np.arange(1, BINS) / BINS, said, side="left"), 0, BINS - 1)
    gaps = np.bincount(places, weights=said - came_true, minlength=BINS)
    return float(np.abs(gaps).sum() / len(said))
