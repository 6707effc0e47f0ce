"""Judges a planner's case again from the feeds as they are now, before anybody accepts what they said earlier."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from core.money import ZERO, exact_sum
from review_api import scoring
from review_api.services import Services
from triage import case_rows, planning_closing, planning_flow
from triage.case_records import PLANNING_KINDS
from triage.decide_demand import demand_facts_from_text
from triage.decide_order import order_facts_from_text
from triage.decide_replenishment import replenishment_facts_from_text
from triage.planning_fresh import newer_feeds
from triage.planning_judged import Judged, judged_demand, judged_order, judged_recommendation
from triage.planning_recorded import RecordedPlanning


def judged_again(services: Services, case_id: str) -> Judged | None:
    """The case's subject judged now; None where no feed it rests on is newer, or the case is about a paper."""
    with services.db.read() as session:
        case = case_rows.get(session, case_id)
        record = planning_closing.decided(session, case) if case.kind in PLANNING_KINDS else None
        if record is None or not newer_feeds(session, record):
            return None
    if record.kind == "order":
        return _order(services, record)
    return _recommendation(services, record) if record.kind == "recommendation" else _demand(services, record)


def keep(services: Services, judged: Judged) -> None:
    """Keeps what was judged again, so that the case shows what is so now."""
    with services.db.write() as session:
        planning_flow.keep(session, [judged], services.policy, at=services.clock.now(), actor="system")


def _order(services: Services, record: RecordedPlanning) -> Judged:
    number = order_facts_from_text(record.facts).order.order_id
    (scored,) = scoring.orders(services, as_of=services.clock.now(), order_ids=[number])
    return replace(judged_order(scored, services.policy, advice=scored.advice), subject=record.subject)


def _recommendation(services: Services, record: RecordedPlanning) -> Judged:
    """Planned anew where the house plans it; what a person or another program wrote is judged as it is."""
    made, at = replenishment_facts_from_text(record.facts).recommendation, services.clock.now()
    is_planned = "rule" in (record.advice or {}) and not record.decided_by.startswith("user:")
    if is_planned:
        (scored,) = scoring.replenishment(services, as_of=at, places=[(made.item_id, made.location_id)])
    else:
        (scored,) = scoring.replenishment(services, as_of=at, given=[made])
    return replace(judged_recommendation(scored, services.policy), subject=record.subject)


def _demand(services: Services, record: RecordedPlanning) -> Judged:
    """What came on the same days, as the feed tells it now; what was to be expected of them stays what it was."""
    from ingest.erp_planning import PlanningReader

    facts = demand_facts_from_text(record.facts)
    with services.db.read() as session:
        days = PlanningReader(session).demand(facts.first, facts.last + timedelta(days=1), [facts.item_id])
        wanted: list[Decimal] = [max(day.quantity, ZERO) for day in days if day.location_id == facts.location_id]
    actual = exact_sum(wanted) if wanted else facts.actual
    return replace(
        judged_demand(replace(facts, as_of=services.clock.now(), actual=actual), services.policy),
        subject=record.subject,
    )
