"""What to order, from the feeds: today's rule, what is given, budgets used up by what is needed first."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.database import Database
from core.decisions import Outcome
from core.errors import InputError, NotFoundError
from ingest.feed_load import load_feed
from tests.conftest import DATA
from tests.ingest.feed_making import csv_file
from tests.triage.builders import AS_OF, policy
from tests.triage.replenishment_builders import budget, recommended, with_replenishment
from triage.policy import Policy
from triage.score_replenishment import ScoredRecommendation, score_replenishment

RETAIL = DATA / "feeds" / "online_retail"
Row = Mapping[str, object]
TODAY = AS_OF.date()


def item_row(item: str, **more: object) -> Row:
    row = {"item_id": item, "supplier_id": "S1", "category": "food", "case_pack": 6, "unit_cost": 2}
    return row | {"lead_time_days": 5, "status": "active", "max_stock": "", **more}


def demand_rows(item: str, daily: int, days: int = 91, at: str = "WH1") -> list[Row]:
    return [
        {"item_id": item, "location_id": at, "date": TODAY - timedelta(days=back), "quantity": daily}
        for back in range(1, days + 1)
    ]


def stock_row(item: str, on_hand: int, at: str = "WH1") -> Row:
    return {"item_id": item, "location_id": at, "as_of": (AS_OF - timedelta(hours=2)).isoformat(), "on_hand": on_hand}


def load(database: Database, *, items: list[Row], demand: list[Row], stock: list[Row], bought: int = 1) -> None:
    """Loads these feeds, and an order to a supplier for 10 of item Z, placed this month."""
    files: dict[str, list[Row]] = {
        "items": [*items, item_row("Z", unit_cost=3)],
        "demand": demand,
        "stock_levels": stock,
        "suppliers": [{"supplier_id": "S1", "name": "Nordlicht GmbH", "status": "active"}],
        "purchase_orders": [
            {"po_number": "P1", "supplier_id": "S1", "ordered_at": AS_OF.replace(day=2).isoformat(), "currency": "EUR"}
        ],
        "purchase_order_lines": [
            {"po_number": "P1", "line_number": 1, "item_id": "Z", "quantity": 10, "unit_price": bought}
        ],
        "goods_receipts": [
            {"receipt_id": "G1", "po_number": "P1", "line_number": 1, "quantity": 4, "received_at": AS_OF.isoformat()}
        ],
    }
    with database.write() as session:
        for name, rows in files.items():
            load_feed(session, name, csv_file(rows), file_name=f"{name}.csv", actor="system", at=AS_OF)


def scored(database: Database, rules: Policy | None = None, **more: object) -> tuple[ScoredRecommendation, ...]:
    with database.read() as session:
        return score_replenishment(session, rules or policy(), as_of=AS_OF, **more)  # type: ignore[arg-type]


def test_the_rule_recommends_what_runs_low_and_rounds_it(either_database: Database) -> None:
    load(
        either_database,
        items=[item_row("A"), item_row("B"), item_row("C", status="discontinued")],
        demand=[*demand_rows("A", 4), *demand_rows("B", 4), *demand_rows("C", 4)],
        stock=[stock_row("A", 10), stock_row("B", 500), stock_row("C", 0)],
    )
    (one,) = scored(either_database)
    assert (one.facts.recommendation.item_id, one.decision.outcome) == ("A", Outcome.CLEAR)
    # No deviation, so no safety stock: point 20, up to 48, 38 missing, whole packs 42.
    assert (int(one.rounding.recommended), int(one.rounding.ordered)) == (38, 42)
    assert [finding.code for finding in one.decision.findings] == ["REP-PACK"]
    assert one.reorder is not None
    assert (int(one.reorder.position), int(one.reorder.reorder_point)) == (10, 20)
    assert one.facts.recommendation.needed_by == date(2026, 11, 25)


def test_an_item_asked_for_is_answered_even_where_nothing_is_needed(either_database: Database) -> None:
    load(either_database, items=[item_row("B")], demand=demand_rows("B", 4), stock=[stock_row("B", 500)])
    (one,) = scored(either_database, places=[("B", "WH1")])
    assert (int(one.rounding.ordered), one.decision.outcome) == (0, Outcome.CLEAR)
    with pytest.raises(NotFoundError, match="NOPE at WH1"):
        scored(either_database, places=[("NOPE", "WH1"), ("B", "WH1")])


def test_goods_on_order_to_no_place_are_for_the_items_only_one(database: Database) -> None:
    load(database, items=[], demand=demand_rows("Z", 1), stock=[stock_row("Z", 0)])
    (one,) = scored(database, places=[("Z", "WH1")])
    assert [int(coming.quantity) for coming in one.facts.inbound] == [6]
    load(database, items=[], demand=demand_rows("Z", 1), stock=[stock_row("Z", 0), stock_row("Z", 0, "WH2")])
    assert all(not one.facts.inbound for one in scored(database))


def test_what_is_needed_first_has_the_budget_first(either_database: Database) -> None:
    load(
        either_database,
        items=[item_row("A"), item_row("B"), item_row("C")],
        demand=[*demand_rows("A", 4), *demand_rows("B", 4), *demand_rows("C", 1)],
        stock=[stock_row("A", 19), stock_row("B", 1), stock_row("C", 5)],
    )
    # This month 10 × 3 are spent; B, needed today, wants 48 × 2, A 30 × 2, C 12 × 2.
    wide = scored(either_database, with_replenishment(budgets=(budget(30 + 96 + 60 + 24),)))
    assert [one.facts.recommendation.item_id for one in wide] == ["B", "A", "C"]
    assert {one.decision.outcome for one in wide} == {Outcome.CLEAR}
    tight = scored(either_database, with_replenishment(budgets=(budget(30 + 96 + 24),)))
    assert [one.decision.outcome for one in tight] == [Outcome.CLEAR, Outcome.HOLD, Outcome.CLEAR]
    assert [int(one.facts.budgets[0].used_amount) for one in tight] == [30, 126, 126]


def test_given_recommendations_are_judged_as_they_are(either_database: Database) -> None:
    load(
        either_database,
        items=[item_row("A", max_stock=60)],
        demand=demand_rows("A", 4),
        stock=[stock_row("A", 10)],
    )
    strange = recommended(5, recommendation_id="R2", item_id="?", supplier_id="S9")
    known, unknown = sorted(scored(either_database, given=[recommended(500), strange]), key=lambda one: one.facts.key)
    assert (int(known.rounding.ordered), known.reorder) == (48, None)
    codes = {finding.code for finding in unknown.decision.findings}
    assert {"REP-ITEM", "REP-SUPPLIER", "REP-MASTER"} <= codes


def test_without_demand_of_the_days_looked_at_nothing_is_called_unneeded(database: Database) -> None:
    old: list[Row] = [{"item_id": "A", "location_id": "WH1", "date": "2011-08-31", "quantity": 4}]
    load(database, items=[item_row("A")], demand=old, stock=[stock_row("A", 10)])
    with pytest.raises(InputError, match="ends on 2011-08-31"):
        scored(database)
    assert len(scored(database, given=[recommended(12)])) == 1


def test_an_empty_house_says_what_is_missing(database: Database) -> None:
    with pytest.raises(InputError, match="has no day before 2026-11-23"):
        scored(database)


@pytest.mark.data
@pytest.mark.skipif(not RETAIL.exists(), reason="needs ../shared/data")
def test_a_real_retailers_demand_gives_recommendations_that_are_held_for_what_is_missing(database: Database) -> None:
    with database.write() as session:
        for name in ("items.csv", "demand.parquet"):
            data = (RETAIL / name).read_bytes()
            load_feed(session, name.partition(".")[0], data, file_name=name, actor="system", at=AS_OF)
    with database.read() as session:
        found = score_replenishment(session, policy(), as_of=AS_OF.replace(year=2011, month=9, day=1))
    assert len(found) > 2_000
    assert all(one.decision.outcome is Outcome.HOLD for one in found)
    assert all(one.rounding.ordered > 0 for one in found)
    assert sum(one.rounding.ordered for one in found) > Decimal(100_000)
