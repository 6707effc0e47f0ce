"""Says of each period what the calendar knows beforehand: weekday, season, holidays of the place's country, events."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

NAMES = (
    "weekday",
    "day_of_month",
    "day_of_year",
    "holiday",
    "days_to_holiday",
    "days_since_holiday",
    "event",
)
_HORIZON_DAYS = 15
Place = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """What the calendar says, by country and region.

    Attributes:
        facts: places × periods × `NAMES`.
    """

    facts: "NDArray[np.float32]"


def calendar_of(
    days: Sequence[date],
    step_days: int,
    location_ids: Sequence[str],
    locations: "pl.DataFrame | None",
    events: "pl.DataFrame | None",
) -> "tuple[Calendar, NDArray[np.int32]]":
    """The calendar of every kind of place, and which of them each series has.

    A place whose country is not known has no holidays: those of another country would be worse than none.
    """
    countries = _countries(locations)
    dated = _events(events)
    kinds: dict[Any, int] = {}
    rows: list[NDArray[np.float32]] = []
    of_series = np.zeros(len(location_ids), dtype=np.int32)
    for at, location in enumerate(location_ids):
        own = location if location in dated else ""
        kind = (countries.get(location, ""), own)
        if kind not in kinds:
            kinds[kind] = len(rows)
            happening = dated.get("", frozenset()) | dated.get(own, frozenset())
            rows.append(_facts(days, step_days, _holidays(kind[0], days), happening))
        of_series[at] = kinds[kind]
    return Calendar(facts=np.stack(rows)), of_series


def _facts(
    days: Sequence[date], step_days: int, holidays: frozenset[date], happening: frozenset[date]
) -> "NDArray[np.float32]":
    facts = np.full((len(days), len(NAMES)), np.nan, dtype=np.float32)
    for at, day in enumerate(days):
        inside = [day + timedelta(days=n) for n in range(step_days)]
        ahead = next((n for n in range(_HORIZON_DAYS) if day + timedelta(days=n) in holidays), _HORIZON_DAYS)
        since = next((n for n in range(_HORIZON_DAYS) if day - timedelta(days=n) in holidays), _HORIZON_DAYS)
        facts[at] = (
            day.weekday(),
            day.day,
            day.timetuple().tm_yday,
            any(one in holidays for one in inside),
            ahead,
            since,
            any(one in happening for one in inside),
        )
    return facts


def _holidays(country: str, days: Sequence[date]) -> frozenset[date]:
    if not country:
        return frozenset()
    import holidays

    years = range(days[0].year, days[-1].year + 2)
    try:
        return frozenset(holidays.country_holidays(country, years=years))
    except NotImplementedError:
        return frozenset()


def _countries(locations: "pl.DataFrame | None") -> dict[str, str]:
    """The country of each place as two letters."""
    if locations is None or locations.is_empty():
        return {}
    pairs = zip(locations["location_id"].to_list(), locations["country"].to_list(), strict=True)
    return {place: country.strip().upper() for place, country in pairs if country and len(country.strip()) == 2}


def _events(events: "pl.DataFrame | None") -> dict[str, frozenset[date]]:
    """Days with an event, by place; those of every place under empty text."""
    if events is None or events.is_empty():
        return {}
    found: dict[str, set[date]] = {}
    for day, place in zip(events["date"].to_list(), events["location_id"].to_list(), strict=True):
        found.setdefault(place or "", set()).add(day)
    return {place: frozenset(dates) for place, dates in found.items()}
