"""What to do about an order that will probably be late: ways that are less likely to be, and whom to tell. Pure.

Recommendations of named kinds for planners and orchestration; a recommendation decides nothing and lifts nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.canonical import to_jsonable
from models.late.delays import NewDate
from triage.alternatives import Alternative
from triage.policy_predictions import LatePredictions

Chance = Callable[[Alternative], float]
"""How likely the order is late if it goes that way."""
MOST_SHOWN = 5
_TOO_LATE = 1.0


def late_advice(
    probability: float,
    ways: Sequence[Alternative],
    chance: Chance,
    rules: LatePredictions,
    *,
    new_date: NewDate | None,
) -> Mapping[str, Any] | None:
    """Recommendations, alternatives by cost and risk, and the new date; None where nothing is to be done.

    Args:
        probability: that it is late as planned.
        new_date: what a customer can be told.
    """
    if Decimal(str(probability)) < advised_from(rules):
        return None
    scored = sorted(((one.steps, chance(one), one.words, one) for one in ways), key=lambda at: at[:3])
    better = [(risk, one) for _, risk, _, one in scored if Decimal(str(probability - risk)) >= rules.least_gain]
    advised = list(_ways(better, probability, rules))
    left = min((risk for risk, one in better if one.kind in rules.recommend), default=probability)
    if "tell_planner" in rules.recommend and Decimal(str(probability)) >= rules.late_probability:
        advised.append({"kind": "tell_planner", "words": _planner_words(probability, bool(advised))})
    if "tell_customer" in rules.recommend and Decimal(str(left)) >= rules.tell_customer_probability:
        advised.append({"kind": "tell_customer", "words": _customer_words(new_date), "new_date": to_jsonable(new_date)})
    if not advised:
        return None
    return {
        "recommendations": advised,
        "alternatives": [_shown(one, risk) for _, risk, _, one in scored[:MOST_SHOWN]],
        "new_date": to_jsonable(new_date),
    }


def advised_from(rules: LatePredictions) -> Decimal:
    """The probability from which on there may be something to do."""
    return min(rules.late_probability, rules.tell_customer_probability)


def split_risk(parts: Sequence[float]) -> float:
    """The chance that any part of a split is late, as if parts were late independently: never below the worst part."""
    in_time = 1.0
    for part in parts:
        in_time *= 1.0 - part
    return 1.0 - in_time


def _ways(
    better: Sequence[tuple[float, Alternative]], probability: float, rules: LatePredictions
) -> "list[dict[str, Any]]":
    """The first of each kind the policy lets be recommended, the cheapest and least risky first."""
    first: dict[str, dict[str, Any]] = {}
    for risk, one in better:
        if one.kind in rules.recommend and one.kind not in first:
            words = f"{one.words}: late with {risk:.0%} instead of {probability:.0%}"
            first[one.kind] = _shown(one, risk) | {"kind": one.kind, "words": words}
    return list(first.values())


def _shown(one: Alternative, risk: float) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "words": one.words,
        "probability": risk,
        "places": ", ".join(one.places),
        "service": one.service,
        "cut_off_at": to_jsonable(one.cut_off_at),
        "steps": one.steps,
    }


def _planner_words(probability: float, has_way: bool) -> str:
    if probability >= _TOO_LATE:
        return "it is late: have a planner look"
    return "have a planner choose another way" if has_way else "have a planner look: no other way is known to be better"


def _customer_words(new_date: NewDate | None) -> str:
    if new_date is None:
        return "tell the customer that it will be late; too few of the like were late to name a day"
    return (
        f"tell the customer {new_date.likely.isoformat()} ({new_date.share:.0%} between "
        f"{new_date.earliest.isoformat()} and {new_date.latest.isoformat()}, from {new_date.based_on})"
    )
