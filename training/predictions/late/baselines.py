"""What late orders are predicted by beside trees: averages of lane and supplier, a line, the promise itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from models.calibration import fit_beta
from models.late.features import shape_columns
from models.late.record import PRIOR_ORDERS, Key, key_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANE: Key = ("place", "supplier", "country", "region")
_MOST_WIDTH = 4.0
_FEWEST_OF_A_WORD = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """Orders with labels to learn from, and orders to say a probability of."""

    orders: pl.DataFrame
    late: "NDArray[np.float64]"
    asked: pl.DataFrame


def average(learnt: Learnt, key: Key) -> "NDArray[np.float64]":
    """The late rate of each order's like, drawn to the overall rate by a few orders."""
    overall = float(learnt.late.mean())
    table = (
        pl.DataFrame({"value": key_values(learnt.orders, key), "late": learnt.late})
        .group_by("value")
        .agg(((pl.col("late").sum() + PRIOR_ORDERS * overall) / (pl.len() + PRIOR_ORDERS)).alias("rate"))
    )
    asked = pl.DataFrame({"value": key_values(learnt.asked, key)})
    found = asked.join(table, on="value", how="left", maintain_order="left")["rate"]
    return found.fill_null(overall).to_numpy()


def logistic(learnt: Learnt, words: Sequence[str]) -> "NDArray[np.float64]":
    """Logistic regression on the order's shape and its words."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import OneHotEncoder

    shape = shape_columns(learnt.orders)
    told = ~np.isnan(shape).all(axis=0)
    shape = shape[:, told]
    middle, width = np.nanmean(shape, axis=0), np.nanstd(shape, axis=0) + 1e-6
    coder = OneHotEncoder(handle_unknown="ignore", sparse_output=False, min_frequency=_FEWEST_OF_A_WORD)
    named = [learnt_words(orders, words) for orders in (learnt.orders, learnt.asked)]
    coder.fit(named[0])

    def columns(orders: pl.DataFrame, words_of: "NDArray[np.object_]") -> "NDArray[np.float64]":
        steps = np.clip((shape_columns(orders)[:, told] - middle) / width, -_MOST_WIDTH, _MOST_WIDTH)
        return np.hstack([np.nan_to_num(steps), coder.transform(words_of)])

    line = LogisticRegression(C=0.1, max_iter=500).fit(columns(learnt.orders, named[0]), learnt.late)
    return np.asarray(line.predict_proba(columns(learnt.asked, named[1]))[:, 1], dtype=np.float64)


def tightest_promise(learnt: Learnt) -> "NDArray[np.float64]":
    """Today's rule: who promised the soonest is looked at first; its probability is fitted, its order is the rule's."""
    scores = [1.0 / (1.0 + np.maximum(0.0, _days(orders))) for orders in (learnt.orders, learnt.asked)]
    return fit_beta(scores[0], learnt.late, equal_slopes=True).apply(scores[1]) + 1e-9 * scores[1]


def learnt_words(orders: pl.DataFrame, words: Sequence[str]) -> "NDArray[np.object_]":
    """Words as an array of objects, empty where none is given."""
    return orders.select(pl.col(name).cast(pl.String).fill_null("") for name in words).to_numpy().astype(object)


def _days(orders: pl.DataFrame) -> "NDArray[np.float64]":
    return (orders["promised"] - orders["ordered"]).to_numpy()
