"""Builds what is known of an item: steady demand, a lead time of six days, nothing strange unless a test says so."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from models.replenishment.history import Day
from models.replenishment.lead_times import lead_times
from models.replenishment.learnt import Learnt
from models.replenishment.plan import Plan, PlanFacts, Terms, plan

TODAY = date(2026, 11, 23)
TERMS = Terms(service_level=0.95, cover_days=7, holding_pct=25)
LEARNT = Learnt(priors={})
SIX_DAYS = lead_times([], master_days=6, else_days=14)


def days_of(quantities: Iterable[float], until: date = TODAY) -> tuple[Day, ...]:
    """A row a day, the last one yesterday."""
    told = list(quantities)
    first = until - timedelta(days=len(told))
    return tuple(Day(date=first + timedelta(days=at), quantity=float(wanted)) for at, wanted in enumerate(told))


def counted(days: int = 90, mean: float = 5.0, seed: int = 1) -> tuple[Day, ...]:
    """Poisson days."""
    return days_of(np.random.default_rng(seed).poisson(mean, days))


def plan_facts(**changes: Any) -> PlanFacts:
    """An item to plan."""
    facts = PlanFacts(
        item_id="A",
        location_id="WH1",
        category="food",
        unit_cost=2.0,
        today=TODAY,
        until=TODAY,
        demand=counted(),
        lead=SIX_DAYS,
        position=10.0,
    )
    return replace(facts, **changes)


def planned(learnt: Learnt = LEARNT, terms: Terms = TERMS, **changes: Any) -> Plan:
    """Its plan, which there must be."""
    found = plan(plan_facts(**changes), learnt, terms)
    assert isinstance(found, Plan), found
    return found
