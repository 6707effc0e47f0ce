"""Says in a planner's words what an anomaly is, and what was to be expected and why."""

import numpy as np

from models.demand.anomalies import Anomaly, Kind
from models.demand.forecast import Forecast
from models.demand.panel import DAY, Panel
from models.demand.predict import doubts

_ROUTES = (
    "by the model, from its own past, the calendar and its price",
    "as an item seldom sold, from how often and how many",
    "like new items of its category",
)


def words_of(anomaly: Anomaly) -> str:
    """The anomaly in one sentence."""
    units = f"{_units(anomaly.actual)} units"
    interval = f"{_units(anomaly.low)} to {_units(anomaly.high)}"
    match anomaly.kind:
        case Kind.SPIKE:
            return f"Sold {units} where {interval} was to be expected."
        case Kind.DROP:
            return f"Sold only {units} where {interval} was to be expected."
        case Kind.LEVEL_SHIFT:
            side = "more" if anomaly.actual > anomaly.expected else "less"
            return f"Sells steadily {side} than forecast: {units} where {_units(anomaly.expected)} was."
        case Kind.ZERO:
            return f"Sold nothing where {_units(anomaly.expected)} units were forecast."
        case Kind.UNEXPECTED:
            return f"Sold {units} where no demand was expected."
        case Kind.STOCKOUT:
            hidden = max(0.0, anomaly.expected - anomaly.actual)
            return f"Out of stock: {units} recorded, about {_units(hidden)} more were wanted and not sold."


def reasons_of(panel: Panel, forecast: Forecast, anomaly: Anomaly) -> tuple[str, ...]:
    """What a planner needs to judge it: recent sales, how it was forecast, price and promotion, doubts."""
    series, origin = anomaly.series, forecast.origin
    at = forecast.horizons.index(anomaly.first - origin)
    past = panel.quantity[series, max(0, origin + 1 - (56 if panel.step_days == DAY else 8)) : origin + 1]
    found = []
    if not np.isnan(past).all():
        period = "day" if panel.step_days == DAY else "week"
        found.append(f"it sold {_units(float(np.nanmean(past)))} units a {period} in the eight weeks before")
    route = _ROUTES[int(forecast.routes[series, at])]
    found.append(f"forecast {route}" if forecast.model != "statistical" else "forecast from the last eight weeks alone")
    if panel.is_planned and panel.promotion[series, anomaly.first] > 0:
        found.append("it was on promotion")
    found += _price(panel, anomaly)
    return (*found, *doubts(panel, origin, series))


def _price(panel: Panel, anomaly: Anomaly) -> list[str]:
    """How the price in the first period lies to the usual one, where that is known and far enough off."""
    now = panel.price[anomaly.series, anomaly.first]
    past = panel.price[anomaly.series, : anomaly.first]
    if np.isnan(now) or np.isnan(past).all():
        return []
    change = float(now / np.nanmean(past)) - 1
    return (
        [f"its price was {abs(change):.0%} {'above' if change > 0 else 'below'} the usual"]
        if abs(change) > 0.05
        else []
    )


def _units(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 10 or number == round(number) else f"{number:,.1f}"
