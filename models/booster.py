"""LightGBM's trees on NumPy rows: predictions, and how much each feature moved one."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Booster:
    """Trees loaded from their text, on one thread: many processes share a machine."""

    def __init__(self, text: str) -> None:
        import lightgbm

        self._trees: Any = lightgbm.Booster(model_str=text)
        self._width = int(self._trees.num_feature())

    def predict(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """A prediction a row (a probability for binary trees, else a number), for rows × features."""
        self._check(rows)
        found = self._trees.predict(rows, num_threads=1, validate_features=False)
        return np.asarray(found, dtype=np.float64)

    def raw(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The sum of the trees a row, before it is turned into a probability."""
        self._check(rows)
        return np.asarray(self._trees.predict(rows, raw_score=True, num_threads=1), dtype=np.float64)

    def contributions(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """What each feature added to the raw score of a row (TreeSHAP), and in the last column what all start from."""
        self._check(rows)
        return np.asarray(self._trees.predict(rows, pred_contrib=True, num_threads=1), dtype=np.float64)

    def _check(self, rows: "NDArray[np.float64]") -> None:
        if rows.ndim != 2 or rows.shape[1] != self._width:
            raise ValueError(f"the trees know {self._width} features, and were given {rows.shape}")
