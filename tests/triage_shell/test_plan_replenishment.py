"""What a model plans to order, beside today's rule: from the feeds as they were known, held where the rule is held."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from core.database import Database
from core.decisions import Outcome
from ingest.feed_load import load_feed
from models.bundle import Bundle, make_bundle
from models.replenishment.learnt import FEATURES, Learnt, learnt_to_json
from tests.ingest.feed_making import csv_file
from tests.triage.builders import AS_OF, policy
from tests.triage_shell.test_score_replenishment import Row, demand_rows, item_row, load, stock_row
from triage.decide_replenishment import (
    decide_replenishment,
    replenishment_facts_from_text,
    replenishment_facts_to_text,
)
from triage.planning_judged import judged_recommendation
from triage.policy import Policy
from triage.score_replenishment import Place, ScoredRecommendation, score_replenishment


def bundle() -> Bundle:
    content = learnt_to_json(Learnt(priors={}))
    return make_bundle("replenishment", features=FEATURES, boosters={}, content=content, card={})


def scored(
    database: Database, rules: Policy | None = None, model: Bundle | None = None, places: list[Place] | None = None
) -> tuple[ScoredRecommendation, ...]:
    with database.read() as session:
        return score_replenishment(session, rules or policy(), as_of=AS_OF, bundle=model or bundle(), places=places)


def house(database: Database, *, on_hand: int = 10, **item: object) -> None:
    load(database, items=[item_row("A", **item)], demand=demand_rows("A", 4), stock=[stock_row("A", on_hand)])


def test_a_plan_says_everything_it_came_from_and_what_today_s_rule_would_order(either_database: Database) -> None:
    house(either_database)
    (one,) = scored(either_database)
    assert one.planned is not None
    assert one.reorder is not None
    assert one.planned.model == bundle().version
    assert one.decision.models == (bundle().version,)
    assert one.planned.todays_rule == one.reorder.quantity == 38
    assert one.facts.recommendation.quantity == one.planned.quantity > 0
    assert one.planned.forecast is not None
    assert one.planned.lead_time_days is not None
    assert float(one.planned.forecast) == pytest.approx(4 * (float(one.planned.lead_time_days) + 1), rel=0.1)
    assert one.planned.currency == "EUR"
    words = (
        "On hand 10",
        "order lines received",
        "service level of 0.95",
        "stock-out cost",
        "Today's rule would order 38",
    )
    assert all(word in (one.facts.recommendation.reason or "") for word in words)
    advice = judged_recommendation(one, policy()).advice or {}
    assert advice["plan"]["todays_rule"] == "38"
    assert scored(either_database) == (one,)
    stored = replenishment_facts_from_text(replenishment_facts_to_text(one.facts))
    assert decide_replenishment(stored, policy()) == one.decision


def test_one_item_alone_is_planned_as_all_are(database: Database) -> None:
    load(
        database,
        items=[item_row("A"), item_row("B")],
        demand=[*demand_rows("A", 4), *demand_rows("B", 2)],
        stock=[stock_row("A", 10), stock_row("B", 1)],
    )
    alone = scored(database, places=[("A", "WH1")])
    assert [one.planned for one in scored(database) if one.facts.recommendation.item_id == "A"] == [alone[0].planned]


def test_without_a_bundle_that_fits_or_a_say_today_s_rule_orders_and_a_misfit_is_named(database: Database) -> None:
    house(database)
    with database.read() as session:
        (rule,) = score_replenishment(session, policy(), as_of=AS_OF)
    off = policy().predictions.replenishment.model_copy(update={"use": False})
    predictions = policy().predictions.model_copy(update={"replenishment": off})
    (one,) = scored(database, policy().model_copy(update={"predictions": predictions}))
    assert one.planned is None
    assert (one.facts, one.decision.findings) == (rule.facts, rule.decision.findings)
    (other,) = scored(database, model=replace(bundle(), content={"made": "for another version"}))
    assert other.decision.models == ()
    assert other.facts.recommendation.quantity == rule.facts.recommendation.quantity
    assert other.planned is not None
    assert (other.planned.model, other.planned.quantity) == (None, rule.facts.recommendation.quantity)
    assert "MODEL-COLUMNS" in (other.planned.why or "")
    assert "today's rule stands" in (other.facts.recommendation.reason or "")


def test_an_item_with_too_little_history_has_today_s_rule_and_a_word(database: Database) -> None:
    load(database, items=[item_row("A")], demand=demand_rows("A", 4, days=5), stock=[stock_row("A", 0)])
    (one,) = scored(database)
    assert one.planned is not None
    assert one.planned.model is None
    assert one.planned.quantity == one.planned.todays_rule > 0
    assert "only 5 days" in (one.facts.recommendation.reason or "")
    assert one.decision.models == ()


def test_without_a_unit_cost_or_lead_time_the_plan_says_so_and_is_held(database: Database) -> None:
    house(database, unit_cost="", lead_time_days="", supplier_id="S2")
    (one,) = scored(database)
    assert one.planned is not None
    assert one.planned.stockout_cost_daily is None
    assert "without a unit cost" in one.planned.notes[-1]
    assert "nobody knows better" in one.planned.lead_time_from
    assert one.decision.outcome is Outcome.HOLD


def _ordered(count: int) -> dict[str, list[Row]]:
    at = (AS_OF - timedelta(days=60)).isoformat()
    order = {"supplier_id": "S1", "ordered_at": at, "currency": "EUR", "status": "closed"}
    line = {"line_number": 1, "item_id": "A", "quantity": 10, "unit_price": 1}
    return {
        "purchase_orders": [{"po_number": f"R{number}", **order} for number in range(count)],
        "purchase_order_lines": [{"po_number": f"R{number}", **line} for number in range(count)],
    }


def _received(count: int, days: int) -> dict[str, list[Row]]:
    came = (AS_OF - timedelta(days=60 - days)).isoformat()
    line = {"line_number": 1, "quantity": 10, "received_at": came}
    return {"goods_receipts": [{"receipt_id": f"X{at}", "po_number": f"R{at}", **line} for at in range(count)]}


def test_receipts_known_by_then_make_the_lead_time_and_later_ones_do_not(database: Database) -> None:
    house(database)

    def put(feeds: dict[str, list[Row]]) -> ScoredRecommendation:
        with database.write() as session:
            for name, rows in feeds.items():
                load_feed(session, name, csv_file(rows), file_name=f"{name}.csv", actor="system", at=AS_OF)
        (one,) = scored(database)
        return one

    without = put(_ordered(8)).planned
    later = put(_received(8, days=90)).planned
    assert without == later
    known = put(_received(8, days=21)).planned
    assert known is not None
    assert later is not None
    assert "order lines received" in known.lead_time_from
    assert known.lead_time_days is not None
    assert later.lead_time_days is not None
    assert known.lead_time_days > later.lead_time_days
    assert known.quantity > later.quantity


def test_what_holds_the_rule_s_own_recommendation_holds_the_model_s(database: Database) -> None:
    house(database, max_stock=20, min_order_quantity=24)
    (one,) = scored(database)
    assert one.decision.outcome is Outcome.HOLD
    nothing = replace(one.facts, recommendation=replace(one.facts.recommendation, quantity=Decimal(0)))
    again = decide_replenishment(nothing, policy())
    assert again.outcome is Outcome.HOLD
    assert any(at.message.startswith("Of the 38 today's rule would order") for at in again.findings)
