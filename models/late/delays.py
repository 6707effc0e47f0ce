"""What day to tell a customer instead: when the like of a late order came, with an interval that held so often.

The days after the promise on which late deliveries of the like became true are a sample; the next one falls between its
order statistics as often as these say (split conformal: Vovk, Gammerman and Shafer 2005), as long as it is one of them.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor
from typing import Any

import polars as pl

from models.late.orders import History
from models.late.record import SEPARATOR, Key, key_values

SHARE = 0.90
"""How often the interval holds."""
_FEWEST = 20
_YEARS_DAYS = 730.0
_LIKE: tuple[Key, ...] = (("supplier", "country"), ("place", "country"), ("supplier",), ("country",), ())
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDate:
    """A day to tell a customer of an order that will not keep its promise.

    Attributes:
        likely: half of the like had come by then.
        earliest, latest: between these came `share` of them.
        based_on: what is alike, in words, and how many there were.
    """

    likely: date
    earliest: date
    latest: date
    share: float
    based_on: str


class Delays:
    """How many days after their promise late orders came, by what is alike, of the two years before an instant.

    Args:
        now: days since 1970; only deliveries known before it count.
    """

    def __init__(self, history: History, now: float) -> None:
        told = history.deliveries.filter((pl.col("known") < now) & (pl.col("known") >= now - _YEARS_DAYS)).join(
            history.orders, on="order_id"
        )
        late = told.with_columns(days=pl.col("delivered").floor() - pl.col("promised").floor()).filter(
            pl.col("days") > 0
        )
        days = late["days"].to_list()
        self._now = now
        self._days: dict[Key, dict[str, list[float]]] = {}
        for key in _LIKE:
            names = key_values(late, key).to_list() if key else [""] * len(days)
            found: defaultdict[str, list[float]] = defaultdict(list)
            for name, count in sorted(zip(names, days, strict=True)):
                found[name].append(count)
            self._days[key] = dict(found)

    def new_date(self, order: Mapping[str, Any]) -> NewDate | None:
        """The new day of an order, given as a row of `History.orders`; None where too few of the like came late.

        One that is late already is among those that came later still.
        """
        promised = floor(order["promised"])
        passed = max(1, floor(self._now) - promised)
        for key in _LIKE:
            days = self._days[key].get(SEPARATOR.join(order.get(name) or "" for name in key), [])
            left = days[bisect_left(days, passed) :]
            if len(left) >= _FEWEST:
                return _new_date(promised, left, key, order)
        return None


def _new_date(promised: int, days: list[float], key: Key, order: Mapping[str, Any]) -> NewDate:
    count, edge = len(days), (1 - SHARE) / 2
    low = max(1, floor((count + 1) * edge))
    high = min(count, ceil((count + 1) * (1 - edge)))
    middle = ceil((count + 1) / 2)
    likely, earliest, latest = (
        _EPOCH + timedelta(days=promised + int(days[place - 1])) for place in (middle, low, high)
    )
    like = " and ".join(f"{'to' if name == 'country' else name} {order.get(name)}" for name in key) or "this house"
    return NewDate(
        likely=likely, earliest=earliest, latest=latest, share=SHARE, based_on=f"{count} late orders of {like}"
    )
