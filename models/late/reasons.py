"""Says in a planner's words why an order will probably be late: what its record, load, calendar and shape added.

The contributions of the features that tell of one thing (a supplier's four figures, say) are added up and said once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import expm1, floor
from typing import Any

from models.late.record import LOADS, STOCK, Key
from models.late.state import State
from models.prediction import Reason

MOST = 3
PASSED = "promised"
CERTAIN = 10.0
"""Log-odds told of a fact: beyond what any model says."""
_LEAST = 0.02
_EPOCH = date(1970, 1, 1)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An order, and what is known at the instant it is looked at."""

    order: Mapping[str, Any]
    state: State


def settled(order: Mapping[str, Any], now: float) -> Reason | None:
    """Why an order that has not arrived is late already; None for one that can still be in time."""
    promised = floor(order["promised"])
    if order["promised"] < order["ordered"]:
        words = f"promised for {_day(promised)}, before it was ordered on {_day(floor(order['ordered']))}"
        return Reason(feature="promised_before_ordered", words=words, weight=CERTAIN)
    if promised < floor(now):
        words = f"its promise of {_day(promised)} has passed and no delivery is known"
        return Reason(feature=PASSED, words=words, weight=CERTAIN)
    return None


def reasons_of(parts: Mapping[str, float], told: Told, *, most: int = MOST) -> tuple[Reason, ...]:
    """The strongest reasons: first what raises the probability, then what lowers it.

    Args:
        parts: what each feature added to the log-odds.
    """
    groups: dict[str, float] = {}
    for name, weight in parts.items():
        group = _group(name)
        groups[group] = groups.get(group, 0.0) + weight
    raising = sorted((one for one in groups.items() if one[1] >= _LEAST), key=lambda one: (-one[1], one[0]))
    lowering = sorted((one for one in groups.items() if one[1] <= -_LEAST), key=lambda one: (one[1], one[0]))
    chosen = (raising + lowering)[:most]
    return tuple(Reason(feature=group, words=_words(group, told), weight=weight) for group, weight in chosen)


def _group(feature: str) -> str:
    """What a feature tells of: `late_long:supplier` and `delay_days:supplier` of `supplier`."""
    name, _, key = feature.partition(":")
    if key and name != "week":
        return f"record:{key}"
    return _GROUPS.get(feature, feature)


def _words(group: str, told: Told) -> str:
    if group.startswith("record:"):
        return _record_words(tuple(group.removeprefix("record:").split("+")), told)
    if group in LOADS:
        return _load_words(group, told)
    return _SAID[group](told) if group in _SAID else group.replace("_", " ")


def _record_words(key: Key, told: Told) -> str:
    judged, late = told.state.seen(key, told.order)
    of = _named(key, told)
    if judged < 1:
        return f"{of}: no record yet, the house's own rate counts"
    house = told.state.house[1]
    share = max(0.0, late) / judged
    return f"{of}: late in {share:.0%} of about {judged:,.0f} orders of late (the house: {house:.0%})"


def _named(key: Key, told: Told) -> str:
    parts = []
    for name in key:
        value = told.state.carrier(told.order) if name == "carrier" else told.order.get(name)
        word = _NOUNS.get(name, name.removeprefix("x_").replace("_", " "))
        parts.append(f"{word} {value}" if value else f"no {word} named")
    return " ".join(parts)


def _load_words(name: str, told: Told) -> str:
    row = told.state.row(told.order)
    count = round(expm1(row[told.state.names.index(name)]))
    country = told.order.get("country")
    to = f" to {country}" if country else ""
    orders = f"{count:,} order{'' if count == 1 else 's'}"
    match name:
        case "same_promise":
            return f"{orders}{to} wait for the same day"
        case "same_batch":
            return f"{orders}{to} placed together for the same day"
        case "week:country":
            return f"{orders}{to} wait for the same week"
        case "week:supplier":
            return f"{orders} of supplier {told.order.get('supplier')} wait for the same week"
        case "week:place":
            return f"{orders} from {told.order.get('place') or 'no named place'} wait for the same week"
        case _:
            return f"{orders} of supplier {told.order.get('supplier')}{to} wait for the same week"


def _promised_in(told: Told) -> str:
    days = told.order["promised"] - told.order["ordered"]
    return f"promised {days:,.0f} day{'' if round(days) == 1 else 's'} after it was ordered"


def _promise_calendar(told: Told) -> str:
    at = _EPOCH + timedelta(days=floor(told.order["promised"]))
    return f"promised for {_DAYS[at.weekday()]} {at.isoformat()}"


def _order_calendar(told: Told) -> str:
    at = _EPOCH + timedelta(days=floor(told.order["ordered"]))
    return f"ordered on {_DAYS[at.weekday()]} {at.isoformat()}"


def _amount(word: str, name: str, after: str = "") -> Callable[[Told], str]:
    def said(told: Told) -> str:
        value = told.order.get(name)
        return f"no {word} given" if value is None else f"{word} {value:,.0f}{after}"

    return said


def _stock(told: Told) -> str:
    row = told.state.row(told.order)
    places = row[told.state.names.index("stock_places")]
    return f"stock of its item lies at {places:.0f} places" if places > 0 else "no stock of its item is known"


def _day(day: int) -> str:
    return (_EPOCH + timedelta(days=day)).isoformat()


_NOUNS = {
    "country": "to",
    "region": "region",
    "service": "service",
    "channel": "channel",
    "place": "from",
    "supplier": "supplier",
    "item": "item",
    "category": "category",
    "carrier": "carrier",
}
_GROUPS = {
    "promise_weekday": "promise_calendar",
    "promise_month": "promise_calendar",
    "promise_day_of_month": "promise_calendar",
    "promise_day_of_year": "promise_calendar",
    "year_end": "promise_calendar",
    "order_weekday": "order_calendar",
    "order_month": "order_calendar",
    "weight_per_unit": "log_weight",
    "usual_span": "days_promised",
    **dict.fromkeys(STOCK, "stock"),
}
_SAID: Mapping[str, Callable[[Told], str]] = {
    "days_promised": _promised_in,
    "promise_calendar": _promise_calendar,
    "order_calendar": _order_calendar,
    "log_quantity": _amount("a quantity of", "quantity"),
    "log_value": _amount("a value of", "value"),
    "log_weight": _amount("a weight of", "weight", " kg"),
    "log_unit_price": _amount("a unit price of", "unit_price"),
    "lines": _amount("lines:", "lines"),
    "suppliers": _amount("suppliers:", "suppliers"),
    "places": _amount("places it leaves from:", "places"),
    "stock": _stock,
}
