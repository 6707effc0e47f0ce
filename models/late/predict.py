"""Turns an order and what is known into the probability that it misses its promise, with reasons.

What is a fact is not predicted: an order whose promise has passed without a delivery, or lay before its own day of
ordering, is late, and says so.
"""

from collections.abc import Mapping, Sequence
from math import floor
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from models.booster import Booster
from models.bundle import Bundle
from models.calibration import calibration_from_json
from models.drift import as_kept
from models.late.features import feature_names
from models.late.orders import History
from models.late.reasons import PASSED, Told, reasons_of, settled
from models.late.record import Key
from models.late.state import State
from models.prediction import Prediction, Reason
from models.trained import other_columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

NAME = "sla-miss"
_TREES = "late"
_AT_ONCE = 100_000


class LateModel:
    """A trained model of late orders.

    Raises:
        UnavailableError: `MODEL-COLUMNS` for a bundle whose columns this program does not make.
    """

    def __init__(self, bundle: Bundle) -> None:
        self.keys: tuple[Key, ...] = tuple(tuple(key) for key in bundle.content.get("keys", ()))
        self.version, self.bundle = bundle.version, bundle
        made = {name: place for place, name in enumerate(feature_names(self.keys))}
        unknown = [name for name in bundle.features if name not in made]
        if unknown or not bundle.features or _TREES not in bundle.boosters:
            raise other_columns(bundle, tuple(made), may_lack=True)
        self._columns = [made[name] for name in bundle.features]
        self._trees = Booster(bundle.boosters[_TREES])
        self._calibration = calibration_from_json(bundle.content["calibration"])

    def state(self, history: History, now: float) -> State:
        """What this model needs to know at an instant, in days since 1970."""
        return State(history, self.keys, now)

    def probabilities(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """Calibrated probabilities for orders × features, facts not looked at."""
        return self._calibration.apply(self._trees.predict(np.ascontiguousarray(rows[:, self._columns])))

    def score(self, orders: pl.DataFrame, state: State) -> "NDArray[np.float64]":
        """The probability of each order, 1 for one that is late already."""
        parts = [self.probabilities(state.rows(part)) for part in orders.iter_slices(_AT_ONCE)]
        found = np.concatenate(parts) if parts else np.zeros(0)
        passed = (orders["promised"].floor() < floor(state.now)) | (orders["promised"] < orders["ordered"])
        return np.where(passed.to_numpy(), 1.0, found)

    def score_one(self, order: Mapping[str, Any], state: State) -> float:
        """The same for one order, given as a row of `History.orders`."""
        if settled(order, state.now) is not None:
            return 1.0
        row = state.row(order)
        return self._calibration.one(self._trees.predict_one([row[at] for at in self._columns]))

    def looked_at(self, orders: Sequence[Mapping[str, Any]], state: State) -> Mapping[str, tuple[float | None, ...]]:
        """By order number what this model looks at, in the bundle's order."""
        rows = ((order["order_id"], state.row(order)) for order in orders)
        return {number: as_kept([row[at] for at in self._columns]) for number, row in rows}

    def predict(
        self, orders: Sequence[Mapping[str, Any]], state: State, *, explained_from: float = 0.0
    ) -> tuple[Prediction, ...]:
        """Probability and reasons of each order, given as rows of `History.orders`.

        Args:
            explained_from: only orders at least so likely late get reasons, which cost many times the score.
        """
        if not orders:
            return ()
        rows = [state.row(order) for order in orders]
        chosen = [[row[at] for at in self._columns] for row in rows]
        settled_by = [settled(order, state.now) for order in orders]
        said = [1.0 if fact else probability for fact, probability in zip(settled_by, self._said(chosen), strict=True)]
        shown = [at for at, probability in enumerate(said) if probability >= explained_from]
        parts = self._trees.contributions(np.array([chosen[at] for at in shown])).tolist() if shown else []
        reasons: dict[int, tuple[Reason, ...]] = {
            at: self._reasons(settled_by[at], part, Told(order=orders[at], state=state))
            for at, part in zip(shown, parts, strict=True)
        }
        return tuple(
            Prediction(
                subject=f"sales_order:{order['order_id']}",
                probability=said[at],
                model=self.version,
                reasons=reasons.get(at, ()),
            )
            for at, order in enumerate(orders)
        )

    def _said(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Calibrated probabilities, to the last digit the same for an order alone and among many."""
        scores = [self._trees.predict_one(rows[0])] if len(rows) == 1 else self._trees.predict(np.array(rows)).tolist()
        return [self._calibration.one(score) for score in scores]

    def _reasons(self, fact: Reason | None, part: Sequence[float], told: Told) -> tuple[Reason, ...]:
        """What is a fact first; of a promise that has passed nothing else is worth saying."""
        if fact is not None and fact.feature == PASSED:
            return (fact,)
        parts = dict(zip(self.bundle.features, part[:-1], strict=True))
        return (() if fact is None else (fact,)) + reasons_of(parts, told)
