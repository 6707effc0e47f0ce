"""LightGBM's trees on NumPy rows: predictions, and how much each feature moved one."""

import ctypes
from collections.abc import Sequence
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
        self._single: _SingleRow | None = None

    def predict(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """A prediction a row (a probability for binary trees, else a number), for rows × features."""
        self._check(rows)
        found = self._trees.predict(rows, num_threads=1, validate_features=False)
        return np.asarray(found, dtype=np.float64)

    def predict_one(self, row: Sequence[float]) -> float:
        """The prediction of one row, the same as `predict` says, without what that costs a call."""
        if len(row) != self._width:
            raise ValueError(f"the trees know {self._width} features, and were given {len(row)}")
        if self._single is None:
            self._single = _SingleRow(self._trees, self._width)
        return self._single.predict(row)

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


class _SingleRow:
    """One row at a time through LightGBM's C interface, set up once: Python's own call takes longer than the trees."""

    _NORMAL, _FLOAT64 = 0, 1

    def __init__(self, trees: Any, width: int) -> None:
        from lightgbm import basic

        # The library as it is loaded already; the trees are kept, since the set-up points into them.
        self._library: Any = vars(basic)["_LIB"]
        self._trees, self._row_type = trees, ctypes.c_double * width
        self._set_up = ctypes.c_void_p()
        self._checked(
            self._library.LGBM_BoosterPredictForMatSingleRowFastInit(
                trees._handle,  # noqa: SLF001 - the C interface takes it, and the Python one has no fast call
                ctypes.c_int(self._NORMAL),
                ctypes.c_int(0),
                ctypes.c_int(-1),
                ctypes.c_int(self._FLOAT64),
                ctypes.c_int32(width),
                ctypes.c_char_p(b"num_threads=1"),
                ctypes.byref(self._set_up),
            )
        )

    def predict(self, row: Sequence[float]) -> float:
        """Buffers are made anew for every call, so that threads may share this."""
        count, found = ctypes.c_int64(), ctypes.c_double()
        self._checked(
            self._library.LGBM_BoosterPredictForMatSingleRowFast(
                self._set_up, self._row_type(*row), ctypes.byref(count), ctypes.byref(found)
            )
        )
        return found.value

    def _checked(self, code: int) -> None:
        if code != 0:
            raise RuntimeError(f"LightGBM refused a row: {self._library.LGBM_GetLastError()!r}")

    def __del__(self) -> None:
        if getattr(self, "_set_up", None):
            self._library.LGBM_FastConfigFree(self._set_up)
