"""Whose alert odd demand is, how many a planner gets, and that the same shift stays one alert."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.decisions import Outcome
from tests.triage.builders import policy
from triage.decide_demand import decide_demand, demand_facts_from_text, demand_facts_to_text
from triage.demand_alerts import KnownAlert, alerts_of, period_start
from triage.demand_facts import DemandFacts
from triage.policy_predictions import DemandPredictions, Planner

AT = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)  # a Wednesday


def odd(item: str = "A", place: str = "S1", money: int = 100, back: int = 3, days: int = 1) -> DemandFacts:
    first = AT.date() - timedelta(days=back)
    return DemandFacts(
        item_id=item, location_id=place, as_of=AT, first=first, last=first + timedelta(days=days - 1), kind="spike",
        actual=Decimal(90), expected=Decimal(12), low=Decimal(4), high=Decimal(30), money=Decimal(money),
        currency="EUR", words="90 sold where 12 were expected.", reasons=("no promotion is known",),
        model="demand-0123456789ab", planner="all", starts=first,
    )  # fmt: skip


def known(item: str, *, starts: date, last: date, at: datetime = AT, planner: str = "rest") -> KnownAlert:
    return KnownAlert(item_id=item, location_id="S1", starts=starts, last=last, planner=planner, first_at=at)


def rules(*, drinks: int = 1, rest: int = 2) -> DemandPredictions:
    anything = ("any",)
    return DemandPredictions(
        use=True,
        planners=(
            Planner(name="drinks", category=("juice",), location_id=anything, alerts=drinks, period="day"),
            Planner(name="rest", category=anything, location_id=anything, alerts=rest, period="week"),
        ),
    )


CATEGORIES = {"J1": "juice", "J2": "Juice", "A": "bread", "B": None}


def test_each_planner_gets_the_costliest_they_have_time_for() -> None:
    found = [odd("J1", money=9), odd("J2", money=8), odd("A", money=7), odd("B", money=6), odd("C", money=5)]
    shown = alerts_of(found, (), CATEGORIES, rules())
    assert [(one.item_id, one.planner) for one in shown] == [("J1", "drinks"), ("A", "rest"), ("B", "rest")]


def test_what_was_new_this_week_has_spent_the_budget_and_what_was_new_before_has_not() -> None:
    monday, sunday = datetime(2026, 11, 23, tzinfo=UTC), datetime(2026, 11, 22, 23, tzinfo=UTC)
    day = date(2026, 9, 1)
    for at, left in ((monday, ["A"]), (sunday, ["A", "B"])):
        shown = alerts_of([odd("A"), odd("B")], [known("Z", starts=day, last=day, at=at)], CATEGORIES, rules())
        assert [one.item_id for one in shown] == left


def test_the_same_shift_found_again_later_is_the_one_that_is_known_and_spends_nothing() -> None:
    before = known("A", starts=date(2026, 11, 1), last=date(2026, 11, 23))
    shifted = odd("A", back=6, days=5)
    (first, _, _) = alerts_of([shifted, odd("B"), odd("C")], [before], CATEGORIES, rules(rest=3))
    assert (first.starts, first.key) == (date(2026, 11, 1), "demand:A/S1/2026-11-01")
    apart = replace(before, starts=date(2026, 10, 1), last=date(2026, 10, 3))
    assert alerts_of([shifted], [apart], CATEGORIES, rules())[0].starts == shifted.first


def test_an_alert_is_held_with_figures_and_a_switched_off_model_holds_nothing() -> None:
    decision = decide_demand(odd(), policy())
    (finding,) = decision.findings
    assert (decision.outcome, finding.code, finding.at_risk_amount) == (Outcome.HOLD, "DEMAND-ANOMALY", "100")
    assert (finding.expected, finding.actual, finding.difference) == ("12 (4 to 30)", "90", "78")
    off = policy().predictions.demand.model_copy(update={"use": False})
    without = policy().model_copy(update={"predictions": policy().predictions.model_copy(update={"demand": off})})
    assert decide_demand(odd(), without).outcome is Outcome.CLEAR


def test_facts_come_back_as_they_were() -> None:
    text = demand_facts_to_text(odd())
    assert demand_facts_from_text(text) == odd()
    assert decide_demand(demand_facts_from_text(text), policy(), facts_text=text) == decide_demand(odd(), policy())


@pytest.mark.parametrize(("period", "day"), [("day", 25), ("week", 23), ("month", 1)])
def test_periods_begin_with_their_day_monday_and_first(period: str, day: int) -> None:
    assert period_start(AT.date(), period) == date(2026, 11, day)  # type: ignore[arg-type]
