"""What waits for planners in the morning: an order that will be late, odd demand, and an order to a supplier."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from core.decisions import Finding, Outcome
from core.erp import FeedFreshness, Location
from ingest.feed_load import load_feed
from models.prediction import Prediction, Reason
from review_api.services import Services
from tests.ingest.feed_making import csv_file
from tests.triage.order_builders import level, order_facts, sales_line, sales_order
from triage import planning_flow
from triage.alternatives import Alternative, alternatives
from triage.availability import availability
from triage.decide_order import decide_order
from triage.demand_facts import DemandFacts
from triage.late_advice import late_advice
from triage.planning_judged import Judged, judged_demand, judged_order, judged_recommendation
from triage.score_orders import ScoredOrder
from triage.score_replenishment import score_replenishment

Row = Mapping[str, object]
ITEM, PLACE = "LAMP-01", "WH1"
PLACES = (
    Location(location_id=PLACE, kind="warehouse", country="DE", region="HH"),
    Location(location_id="WH2", kind="warehouse", country="AT", region="Wien"),
)


def open_planners_cases(services: Services) -> None:
    """Loads what the cases rest on, and opens three."""
    at = services.clock.now()
    for name, rows in _feeds(at).items():
        with services.db.write() as session:
            load_feed(session, name, csv_file(rows), file_name=f"{name}.csv", actor="system", at=at)
    judged = [late_order(services, services.clock.now()), odd_demand(services, services.clock.now())]
    judged.append(order_to_supplier(services))
    planning_flow.keep_all(services.db, judged, services.policy, services.clock, actor="system")


def late_order(services: Services, at: datetime) -> Judged:
    """An order that a model calls late, with ways that the rules allow."""
    order = sales_order(order_id="SO-20418", ordered_at=at - timedelta(hours=5), promised_at=at + timedelta(days=7))
    facts = order_facts(
        replace(sales_line(1, 10, ITEM), order_id="SO-20418", fulfil_location_id=PLACE),
        order=order, as_of=at, locations=PLACES,
        feeds=tuple(FeedFreshness(feed=name, loaded_at=at, rows=9) for name in services.policy.orders.feeds),
        stock=tuple(replace(level(ITEM, where), as_of=at - timedelta(hours=1)) for where in (PLACE, "WH2")),
    )  # fmt: skip
    reasons = (
        Reason(feature="place", words=f"{PLACE} was late with 34 % of its last 120 orders", weight=0.9),
        Reason(feature="ahead", words="it is promised only 7 days ahead", weight=0.4),
        Reason(feature="service", words="standard was late in 9 % of its last 300 orders", weight=-0.2),
    )
    said = Prediction(subject=facts.key, probability=0.71, model="sla-miss-0123456789ab", reasons=reasons)
    available = availability(facts, services.policy.orders)
    _, ways = alternatives(facts, services.policy.orders, services=("express", "next_day"))
    risks = {"reroute": 0.18, "upgrade_service": 0.24}

    def chance(way: Alternative) -> float:
        return risks.get(way.kind, 0.5) + (0.05 if way.service == "next_day" else 0.0)

    advice = late_advice(said.probability, ways, chance, services.policy.predictions.late, new_date=None)
    decision = decide_order(facts, services.policy, available, said)
    return judged_order(ScoredOrder(facts=facts, decision=decision, prediction=said), services.policy, advice=advice)


def odd_demand(services: Services, at: datetime) -> Judged:
    """A spike on the last day the feed tells of."""
    day = (at - timedelta(days=1)).date()
    facts = DemandFacts(
        item_id=ITEM, location_id=PLACE, as_of=at, first=day, last=day, kind="spike", actual=Decimal(31),
        expected=Decimal(8), low=Decimal(3), high=Decimal(14), money=Decimal("340.00"), currency="EUR",
        words="31 came where 3 to 14 were expected.", model="statistical", planner="lighting", starts=day,
        reasons=("no promotion and no event that day", "four orders of one customer make up 22 of it"),
    )  # fmt: skip
    return judged_demand(facts, services.policy)


def order_to_supplier(services: Services) -> Judged:
    """What today's rule wants of an item that is nearly gone, more than the budget lets pass."""
    with services.db.read() as session:
        (scored,) = score_replenishment(session, services.policy, as_of=services.clock.now(), places=[(ITEM, PLACE)])
    over = Finding(
        code="REP-BUDGET", outcome=Outcome.HOLD,
        message="The budget lighting has 120.00 EUR left this month; the order costs 588.00 EUR.",
        expected="120.00", actual="588.00", difference="468.00", at_risk_amount="468.00", subject="lighting",
    )  # fmt: skip
    held = replace(scored, decision=replace(scored.decision, outcome=Outcome.HOLD, findings=(over,)))
    return judged_recommendation(held, services.policy)


def _feeds(at: datetime) -> dict[str, Sequence[Row]]:
    days = [at.date() - timedelta(days=back) for back in range(70, 0, -1)]
    sold = [31 if number == len(days) - 1 else 6 + (number * 7) % 5 + (3 if day.weekday() > 4 else 0)
            for number, day in enumerate(days)]  # fmt: skip
    promised = [at - timedelta(days=2 + number * 80 // 90) for number in range(90)]
    return {
        "demand": [
            {"item_id": ITEM, "location_id": PLACE, "date": day, "quantity": units}
            for day, units in zip(days, sold, strict=True)
        ],
        "items": [{"item_id": ITEM, "description": "Desk lamp, oak", "supplier_id": "S-LAMP", "case_pack": 12,
                   "unit_cost": "7.00", "lead_time_days": 9, "max_stock": 400, "category": "lighting"}],
        "suppliers": [{"supplier_id": "S-LAMP", "name": "Nordlicht GmbH"}],
        "stock_levels": [{"item_id": ITEM, "location_id": PLACE, "as_of": (at - timedelta(hours=6)).isoformat(),
                          "on_hand": 64, "allocated": 10, "on_order": 0}],
        "sales_orders": [
            {"order_id": f"OLD-{number}", "ordered_at": (day - timedelta(days=6)).isoformat(),
             "promised_at": day.isoformat(), "ship_to_country": "AT", "ship_to_region": "Wien", "service": "standard"}
            for number, day in enumerate(promised)
        ],
        "shipments": [
            {"shipment_id": f"OLD-S{number}", "order_id": f"OLD-{number}", "location_id": PLACE,
             "shipped_at": (day - timedelta(days=3)).isoformat(),
             "delivered_at": (day + timedelta(hours=20 if number * number % 7 == 2 else -20)).isoformat()}
            for number, day in enumerate(promised)
        ],
    }  # fmt: skip
