"""Everything known at one instant, looked up: what serving asks once and then scores thousands of orders with.

The same features as `features.py` makes for training, from the same sums; one order costs a few look-ups in
dictionaries, a million a few joins.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import floor, nan
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from core.errors import UnavailableError
from models.late.features import carriers, feature_names, shape_columns, shape_row, with_columns
from models.late.known import known_of
from models.late.orders import History
from models.late.record import LOADS, MADE, RECORD, SEPARATOR, SPAN, STOCK, Key, key_name, key_values, record_tables

if TYPE_CHECKING:
    from numpy.typing import NDArray

_UNSEEN = (0.0,) * len(RECORD)
_NOT_COUNTED = (nan,) * len(STOCK)
Told = tuple[float, ...]


class State:
    """What was known before an instant of everything that has a record.

    Args:
        now: days since 1970.
        keys: what the model's records are of.

    Raises:
        UnavailableError: `MODEL-COLUMNS` where the feeds no longer have a column the keys name.
    """

    def __init__(self, history: History, keys: Sequence[Key], now: float) -> None:
        refuse_other_columns(history.orders, keys)
        self.now, self.keys = now, tuple(keys)
        self.names = feature_names(keys)
        self._tables, self.house = record_tables(history, known_of(history), keys, now)
        last = carriers(history).filter(pl.col("known") < now).group_by("lane", maintain_order=True).last()
        self._carriers: dict[str, str] = dict(zip(last["lane"], last["carrier"], strict=True))

    def row(self, order: Mapping[str, Any]) -> list[float]:
        """The features of one order, as `feature_names` orders them; a word it lacks counts as empty."""
        parts = self._parts(order)
        found = shape_row(order)
        for names, told in self._records:
            found += told.get(SEPARATOR.join([parts[name] for name in names]), _UNSEEN)
        for names, told in self._loads:
            found += told.get(SEPARATOR.join([parts[name] for name in names]), (0.0,))
        found += self._spans.get(parts["promise_span"], (0.0,))
        found += self._stock.get(parts["item"], _NOT_COUNTED)
        return found

    def rows(self, orders: pl.DataFrame) -> "NDArray[np.float64]":
        """The features of many orders: orders × features."""
        asked = self.complete(orders)
        named = [(key_name(key), key) for key in self.keys] + [*LOADS.items(), (SPAN, ("promise_span",))]
        records = [self._joined(name, key_values(asked, key), 0.0) for name, key in named]
        stock = self._joined("stock", key_values(asked, ("item",)), nan)
        return np.column_stack([shape_columns(asked), *records, stock])

    def complete(self, orders: pl.DataFrame) -> pl.DataFrame:
        """Orders with every word the keys name, and with the carrier that last carried for the like."""
        asked = with_columns(orders, self.keys)
        lanes = pl.DataFrame(
            {"lane": list(self._carriers), "carrier": list(self._carriers.values())},
            schema={"lane": pl.String, "carrier": pl.String},
        )
        of = asked.drop("carrier").with_columns(lane=key_values(asked, ("service", "place")))
        return of.join(lanes, on="lane", how="left", maintain_order="left").drop("lane")

    def carrier(self, order: Mapping[str, Any]) -> str | None:
        """Who last carried for the order's service and place."""
        return self._carriers.get(SEPARATOR.join((order.get("service") or "", order.get("place") or "")))

    def seen(self, key: Key, order: Mapping[str, Any]) -> tuple[float, float]:
        """How many orders of the like were judged of late, and how many of them were late (both decayed)."""
        parts = self._parts(order)
        return self._counts[key].get(SEPARATOR.join([parts[name] for name in key]), (0.0, 0.0))

    def _parts(self, order: Mapping[str, Any]) -> dict[str, str]:
        parts = {name: order.get(name) or "" for name in self._words}
        parts["carrier"] = self.carrier(order) or ""
        parts["promise_day"] = str(floor(order["promised"]))
        parts["promise_week"] = str(floor(order["promised"] / 7))
        parts["order_day"] = str(floor(order["ordered"]))
        parts["promise_span"] = str(floor(order["promised"]) - floor(order["ordered"]))
        return parts

    def _joined(self, table: str, values: pl.Series, unseen: float) -> "NDArray[np.float64]":
        known = self._tables[table].drop("judged", "late", strict=False)
        names = known.columns[1:]
        found = pl.DataFrame({"value": values}).join(known, on="value", how="left", maintain_order="left")
        return found.select(pl.col(name).fill_null(unseen) for name in names).to_numpy()

    @cached_property
    def _words(self) -> tuple[str, ...]:
        return tuple({name for key in (*self.keys, *LOADS.values(), ("item",)) for name in key})

    @cached_property
    def _records(self) -> list[tuple[Key, dict[str, Told]]]:
        return [(key, _lookup(self._tables[key_name(key)], len(RECORD))) for key in self.keys]

    @cached_property
    def _loads(self) -> list[tuple[Key, dict[str, Told]]]:
        return [(key, _lookup(self._tables[name], 1)) for name, key in LOADS.items()]

    @cached_property
    def _spans(self) -> dict[str, Told]:
        return _lookup(self._tables[SPAN], 1)

    @cached_property
    def _stock(self) -> dict[str, Told]:
        return _lookup(self._tables["stock"], len(STOCK))

    @cached_property
    def _counts(self) -> dict[Key, dict[str, tuple[float, float]]]:
        tables = ((key, self._tables[key_name(key)]) for key in self.keys)
        return {
            key: dict(zip(table["value"], zip(table["judged"], table["late"], strict=True), strict=True))
            for key, table in tables
        }


def refuse_other_columns(orders: pl.DataFrame, keys: Sequence[Key]) -> None:
    """Refuses feeds that lack what a model was trained on.

    Raises:
        UnavailableError: `MODEL-COLUMNS`.
    """
    absent = sorted({name for key in keys for name in key} - MADE - set(orders.columns))
    if absent:
        raise UnavailableError(
            "MODEL-COLUMNS",
            f"The sla-miss model was trained on columns the feeds do not have: {', '.join(absent)}.",
            "Load the feeds with these columns, or train it again: clearhold-train sla-miss --promote.",
        )


def _lookup(table: pl.DataFrame, width: int) -> dict[str, Told]:
    rows = table.select(table.columns[1 : 1 + width]).rows()
    return dict(zip(table["value"], rows, strict=True))
