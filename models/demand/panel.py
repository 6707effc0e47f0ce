"""Turns the demand feed into series × periods: one row an item at a place, one column a day or a week.

A day without a row is a day without demand only on a daily grid, after the item's first row at the place and up to the
feed's last day. A week without a row is a week nothing is known of. Periods in which the item was out of stock say
nothing about what was wanted and are left out. What had to be put right is told in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from models.demand.calendar import Calendar, calendar_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAY, WEEK = 1, 7
_PLANNED_SHARE = 0.8
_WEEKLY_SHARE = 0.95
_BUSY_ROWS = 50
_EXTRA_COLUMNS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Demand by series and period.

    Attributes:
        items, places: of each series, sorted by item and place.
        categories: of each series' item, empty text where it has none.
        codes: items, places and categories as whole numbers from 0.
        first: the first period's day (of a week, the day its rows are dated with).
        step_days: 1 or 7.
        quantity: series × periods, units; NaN where nothing is known.
        recorded: the same with what was sold while the item was out of stock, which is no measure of demand.
        stocked_out: where it was out of stock.
        seen: the period of each series' first row.
        price, promotion: series × periods; NaN where the feed has no row. A price is money a unit, a promotion 0 or 1.
        extras: other numeric columns of the feed (`x_…`), by name.
        is_planned: price and promotion stand in the feed whether or not anything was sold, so that those of a coming
            period can be taken from a plan. Where rows exist only because something was sold, they would tell the
            demand, and nothing of a coming period is used.
        calendar: of the periods, by country.
        countries: row of the calendar for each series.
        notes: what was put right or left out.
    """

    items: tuple[str, ...]
    places: tuple[str, ...]
    categories: tuple[str, ...]
    codes: tuple["NDArray[np.int64]", "NDArray[np.int64]", "NDArray[np.int64]"]
    first: date
    step_days: int
    quantity: "NDArray[np.float32]"
    recorded: "NDArray[np.float32]"
    stocked_out: "NDArray[np.bool_]"
    seen: "NDArray[np.int32]"
    price: "NDArray[np.float32]"
    promotion: "NDArray[np.float32]"
    extras: Mapping[str, "NDArray[np.float32]"] = field(default_factory=dict)
    is_planned: bool
    calendar: Calendar
    countries: "NDArray[np.int32]"
    notes: tuple[str, ...] = ()

    @property
    def series(self) -> int:
        """How many items at places there are."""
        return len(self.items)

    @property
    def periods(self) -> int:
        """How many days or weeks there are, those to be forecast included."""
        return int(self.quantity.shape[1])

    def day(self, period: int) -> date:
        """The day a period is dated with."""
        return self.first + timedelta(days=period * self.step_days)

    def period(self, day: date) -> int:
        """The last period that is dated no later than a day; negative before the first."""
        return (day - self.first).days // self.step_days

    def without_plan(self) -> "Panel":
        """The same demand where nothing of a coming period is known beforehand."""
        return replace(self, is_planned=False)

    def with_extras(self, names: Sequence[str]) -> "Panel":
        """The same panel with these extra columns, those it lacks being unknown."""
        if tuple(sorted(self.extras)) == tuple(sorted(names)):
            return self
        unknown = np.full_like(self.price, np.nan)
        return replace(self, extras={name: self.extras.get(name, unknown) for name in names})

    def with_plan_assumed(self, origin: int) -> "Panel":
        """The same panel where unknown periods after an origin are at the last price and without a promotion.

        It is for forecasts further than the feed's plan reaches. A promotion that is then held after all sells more
        than the interval says.
        """
        if not self.is_planned or origin + 1 >= self.periods:
            return self
        price, promotion = self.price.copy(), self.promotion.copy()
        later = slice(origin + 1, None)
        price[:, later] = _filled(price[:, later], last_known(price[:, : origin + 1]))
        promotion[:, later] = np.nan_to_num(promotion[:, later])
        extras = {}
        for name, cells in self.extras.items():
            ordered = np.sort(cells[:, : origin + 1], axis=1)
            count = (~np.isnan(ordered)).sum(1)
            usual = ordered[np.arange(len(ordered)), np.maximum(count - 1, 0) // 2]
            extras[name] = cells.copy()
            extras[name][:, later] = _filled(cells[:, later], usual)
        return replace(self, price=price, promotion=promotion, extras=extras)

    def blind_after(self, period: int) -> "Panel":
        """The same panel where nothing after a period is known, prices and promotions included."""
        later = np.arange(self.periods) > period

        def blind(cells: "NDArray[np.float32]") -> "NDArray[np.float32]":
            return np.where(later, np.float32(np.nan), cells)

        return replace(
            self,
            quantity=blind(self.quantity),
            recorded=blind(self.recorded),
            price=blind(self.price),
            promotion=blind(self.promotion),
            extras={name: blind(cells) for name, cells in self.extras.items()},
        )

    def of(self, series: "NDArray[np.int64]") -> "Panel":
        """Some of the series, in the order given."""
        chosen = [int(at) for at in series]
        return replace(
            self,
            items=tuple(self.items[at] for at in chosen),
            places=tuple(self.places[at] for at in chosen),
            categories=tuple(self.categories[at] for at in chosen),
            codes=(self.codes[0][series], self.codes[1][series], self.codes[2][series]),
            quantity=self.quantity[series],
            recorded=self.recorded[series],
            stocked_out=self.stocked_out[series],
            seen=self.seen[series],
            price=self.price[series],
            promotion=self.promotion[series],
            extras={name: cells[series] for name, cells in self.extras.items()},
            countries=self.countries[series],
        )


def panel_of(
    demand: pl.DataFrame,
    *,
    items: pl.DataFrame | None = None,
    locations: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
    until: date | None = None,
    ahead: int = 0,
) -> Panel | None:
    """The panel of a demand feed.

    Args:
        until: the last day whose rows are used at all; every day when None.
        ahead: periods to add after the last known one, for a forecast.

    Returns:
        None where the feed has no row.
    """
    rows = demand.filter(
        pl.col("item_id").is_not_null(), pl.col("location_id").is_not_null(), pl.col("date").is_not_null()
    )
    if until is not None:
        rows = rows.filter(pl.col("date") <= until)
    if rows.is_empty():
        return None
    notes: list[str] = []
    rows = _cleaned(rows, notes)
    step, first, last = _grid(rows, notes)
    if until is not None and step == DAY and demand.filter(pl.col("date") > until).height:
        # The feed goes on: the days up to the last one asked for are known to be without demand.
        last = until
    known = (last - first).days // step + 1
    keys = rows.select("item_id", "location_id").unique().sort("item_id", "location_id").with_row_index("series")
    placed = rows.join(keys, on=["item_id", "location_id"]).with_columns(
        ((pl.col("date") - first).dt.total_days() // step).alias("period")
    )
    cells = _Cells(placed, len(keys), known + ahead)
    quantity = cells.sums("quantity")
    has_row = ~np.isnan(quantity)
    seen = np.where(has_row.any(1), has_row.argmax(1), known).astype(np.int32)
    if step == DAY:
        _fill_zeros(quantity, seen, known, notes)
    recorded = quantity
    stocked_out = np.nan_to_num(cells.means("stocked_out")) > 0
    if stocked_out.any():
        notes.append(
            f"{int(stocked_out.sum()):,} periods out of stock are left out: what was wanted then is not known."
        )
        quantity = np.where(stocked_out, np.float32(np.nan), recorded)
    calendar, countries = calendar_of(
        [first + timedelta(days=step * at) for at in range(known + ahead)],
        step,
        keys["location_id"].to_list(),
        locations,
        events,
    )
    promotion = cells.means("on_promotion")
    categories = _categories(keys, items)
    return Panel(
        items=tuple(keys["item_id"]),
        places=tuple(keys["location_id"]),
        categories=categories,
        codes=(_codes(keys["item_id"]), _codes(keys["location_id"]), _codes(pl.Series(categories))),
        first=first,
        step_days=step,
        quantity=quantity,
        recorded=recorded,
        stocked_out=stocked_out,
        seen=seen,
        price=cells.means("unit_price"),
        promotion=promotion,
        extras={name: cells.means(name) for name in _numeric_extras(rows)},
        is_planned=_is_planned(has_row[:, :known], promotion[:, :known], seen),
        calendar=calendar,
        countries=countries,
        notes=tuple(notes),
    )


class _Cells:
    """Columns of the feed laid out as series × periods."""

    def __init__(self, placed: pl.DataFrame, series: int, periods: int) -> None:
        self._frame, self._shape = placed, (series, periods)
        self._at = (placed["series"].to_numpy(), placed["period"].to_numpy())

    def sums(self, name: str) -> "NDArray[np.float32]":
        """A column's sum in each cell; NaN where there is no value."""
        return self._laid(name, mean=False)

    def means(self, name: str) -> "NDArray[np.float32]":
        """A column's mean in each cell; NaN where there is no value."""
        return self._laid(name, mean=True)

    def _laid(self, name: str, *, mean: bool) -> "NDArray[np.float32]":
        out = np.full(self._shape, np.nan, dtype=np.float32)
        column = self._frame[name]
        if column.null_count() == len(column):
            return out
        values = column.cast(pl.Float32, strict=False).fill_null(float("nan")).to_numpy()
        good = ~np.isnan(values)
        flat = (self._at[0][good].astype(np.int64) * self._shape[1] + self._at[1][good]).astype(np.int64)
        if np.unique(flat).size == flat.size:
            out.reshape(-1)[flat] = values[good]
            return out
        counts = np.bincount(flat, minlength=out.size).reshape(self._shape)
        total = np.bincount(flat, weights=values[good], minlength=out.size).reshape(self._shape)
        filled = counts > 0
        out[filled] = total[filled] / (counts[filled] if mean else 1)
        return out


def _cleaned(rows: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """One row a key, no quantity below nothing."""
    alone = rows.unique(["item_id", "location_id", "date"], keep="last", maintain_order=True)
    if len(alone) < len(rows):
        notes.append(f"{len(rows) - len(alone):,} rows repeat an item, place and day: the last of each counts.")
    bad = alone.filter(~pl.col("quantity").fill_null(0).is_finite()).height
    negative = alone.filter(pl.col("quantity") < 0).height
    if negative:
        notes.append(f"{negative:,} rows have a negative quantity (returns): they count as days without demand.")
    if bad:
        notes.append(f"{bad:,} rows have a quantity that is no number: they count as not known.")
    quantity = pl.when(pl.col("quantity").is_finite()).then(pl.col("quantity").clip(lower_bound=0))
    price = pl.when(pl.col("unit_price") > 0).then(pl.col("unit_price"))
    return alone.with_columns(quantity.alias("quantity"), price.alias("unit_price"))


def _grid(rows: pl.DataFrame, notes: list[str]) -> tuple[int, date, date]:
    """Daily or weekly, the first period's day and the last one's."""
    days = rows["date"].unique().sort()
    first, last = days[0], days[-1]
    weekdays = rows["date"].dt.weekday().value_counts(sort=True)
    share = weekdays["count"][0] / len(rows)
    if len(days) > 1 and share >= _WEEKLY_SHARE:
        if share < 1:
            notes.append(
                f"Weekly feed: {1 - share:.1%} of its rows lie on other weekdays and count for the week they are in."
            )
        anchor = weekdays["date"][0]
        first -= timedelta(days=(first.isoweekday() - anchor) % WEEK)
        return WEEK, first, first + timedelta(days=(last - first).days // WEEK * WEEK)
    if len(days) > 2 and (last - first).days / (len(days) - 1) > WEEK * 2:
        notes.append(
            "The feed has rows on few days: neither daily nor weekly. Days between them count as without demand."
        )
    return DAY, first, last


def _fill_zeros(quantity: "NDArray[np.float32]", seen: "NDArray[np.int32]", known: int, notes: list[str]) -> None:
    """Zeros after each series' first row; a day without any row though its weekday has many is not known."""
    rows_a_day = (~np.isnan(quantity[:, :known])).sum(0)
    after = np.arange(known) >= seen[:, None]
    part = quantity[:, :known]
    part[after & np.isnan(part)] = 0
    silent = rows_a_day == 0
    for weekday in range(WEEK):
        here = np.arange(known) % WEEK == weekday
        usual = np.median(rows_a_day[here]) if here.any() else 0
        if usual < _BUSY_ROWS:
            silent[here] = False
    if silent.any():
        notes.append(
            f"{int(silent.sum()):,} days have no row of any item though their weekday has: they count as not known."
        )
        part[:, silent] = np.nan


def _numeric_extras(rows: pl.DataFrame) -> list[str]:
    found = []
    for name in sorted(rows.columns):
        if name.startswith("x_"):
            values = rows[name].cast(pl.Float32, strict=False)
            if values.null_count() < len(values) / 2 and values.n_unique() > 1:
                found.append(name)
    return found[:_EXTRA_COLUMNS]


def _is_planned(has_row: "NDArray[np.bool_]", promotion: "NDArray[np.float32]", seen: "NDArray[np.int32]") -> bool:
    """Rows stand there whatever was sold, and say whether there was a promotion."""
    live = np.arange(has_row.shape[1]) >= seen[:, None]
    return bool(has_row[live].mean() >= _PLANNED_SHARE and (~np.isnan(promotion[has_row])).mean() >= _PLANNED_SHARE)


def _categories(keys: pl.DataFrame, items: pl.DataFrame | None) -> tuple[str, ...]:
    if items is None or items.is_empty() or "category" not in items.columns:
        return ("",) * len(keys)
    known = dict(zip(items["item_id"].to_list(), items["category"].to_list(), strict=True))
    return tuple(known.get(item) or "" for item in keys["item_id"].to_list())


def _codes(names: pl.Series) -> "NDArray[np.int64]":
    return (names.rank("dense") - 1).cast(pl.Int64).to_numpy()


def _filled(cells: "NDArray[np.float32]", by: "NDArray[np.float32]") -> "NDArray[np.float32]":
    return np.where(np.isnan(cells), by[:, None], cells)


def last_known(cells: "NDArray[np.float32]") -> "NDArray[np.float32]":
    """The last known cell of each series; NaN where there is none."""
    known = ~np.isnan(cells)
    at = cells.shape[1] - 1 - known[:, ::-1].argmax(1)
    found: NDArray[np.float32] = cells[np.arange(len(cells)), at]
    return found
