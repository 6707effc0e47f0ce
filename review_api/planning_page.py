"""Gathers what the page of a planner's case shows beyond its decision: ways as the rules stand now, and its charts."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from core.database import ReadSession
from ingest.erp_planning import PlanningReader
from review_api.planning_charts import (
    HISTORY_DAYS,
    LANE_WEEKS,
    Chart,
    chances_chart,
    demand_chart,
    lane_chart,
    stock_chart,
)
from review_api.planning_view import PlanningView, planning_view
from review_api.presenting import Reader
from review_api.services import Services
from triage.case_records import CaseState
from triage.decide_demand import demand_facts_from_text
from triage.decide_order import order_facts_from_text
from triage.decide_replenishment import replenishment_facts_from_text
from triage.planning_detail import PlanningDetail
from triage.planning_recorded import RecordedPlanning
from triage.planning_ways import Way, ways_of

_LANE_ORDERS = 400


def planning_page(services: Services, detail: PlanningDetail, reader: Reader) -> PlanningView:
    """The case with its charts and, while it is open, the ways to take."""
    is_open = detail.summary.state is not CaseState.RESOLVED
    at = reader.now if is_open else detail.decision.decided_at
    ways = ways_of(detail.decision, services.policy, at=at)
    with services.db.read() as session:
        charts = [one for one in _charts(session, detail.decision, ways, reader) if one is not None]
    return planning_view(detail, reader, ways=ways if is_open else (), charts=charts)


def _charts(
    session: ReadSession, record: RecordedPlanning, ways: tuple[Way, ...], reader: Reader
) -> Iterable[Chart | None]:
    planning = PlanningReader(session)
    if record.kind == "demand":
        facts = demand_facts_from_text(record.facts)
        since, until = facts.first - timedelta(days=HISTORY_DAYS), facts.last + timedelta(days=8)
        days = planning.demand(since, min(until, facts.as_of.date()), [facts.item_id])
        yield demand_chart(facts, [day for day in days if day.location_id == facts.location_id], reader)
    elif record.kind == "order":
        if record.said is not None and 0 <= record.said.probability <= 1:
            yield chances_chart(record.said.probability, ways, reader)
        order, until_at = order_facts_from_text(record.facts).order, record.decided_at
        since_at = until_at - timedelta(weeks=LANE_WEEKS)
        lane = planning.lane_record(order.ship_to_country, order.service, since_at, until_at, most=_LANE_ORDERS)
        yield lane_chart(lane, until_at, reader)
    elif record.kind == "recommendation":
        advice = record.advice or {}
        ordered = Decimal(str(advice.get("quantity") or 0))
        yield stock_chart(replenishment_facts_from_text(record.facts), advice, ordered, reader)
