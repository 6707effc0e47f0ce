"""Answers orchestration: scores what is asked for and, for whoever has it decided, keeps that and names the cases."""

from review_api import deciding, demand_scoring, invoice_scoring, scoring
from review_api import score_schemas as shapes
from review_api.services import Services
from triage.planning_flow import Kept
from triage.planning_judged import subject_key


def orders(house: Services, asked: shapes.ScoreOrdersIn, *, actor: str | None = None) -> shapes.OrderScoresOut:
    """Scores orders by number or with their facts.

    Args:
        actor: who has them decided; nothing is stored when None.
    """
    as_of = asked.as_of or house.clock.now()
    given = [one for one in (subject.given() for subject in asked.subjects) if one is not None]
    ids = [subject.order_id for subject in asked.subjects if subject.facts is None]
    scored = scoring.orders(house, as_of=as_of, order_ids=ids, given=given)
    told = [shapes.OrderScoreOut.model_validate(scoring.order_to_json(one)) for one in scored]
    if actor is None:
        return shapes.OrderScoresOut(as_of=as_of, scores=told)
    kept, open_cases = deciding.orders(house, scored, actor=actor)
    told = [one.model_copy(update={"case_id": open_cases.get(one.order_id)}) for one in told]
    return shapes.OrderScoresOut(as_of=as_of, scores=told, kept=_kept(kept))


def replenishment(
    house: Services, asked: shapes.ScoreReplenishmentIn, *, actor: str | None = None
) -> shapes.ReplenishmentScoresOut:
    """Scores items at places by today's rule, and recommendations that are given.

    Args:
        actor: who has them decided; nothing is stored when None.
    """
    as_of = asked.as_of or house.clock.now()
    given = [one for one in (subject.given(as_of) for subject in asked.subjects) if one is not None]
    places = [(one.item_id, one.location_id) for one in asked.subjects if one.recommendation is None]
    scored = scoring.replenishment(house, as_of=as_of, places=places, given=given)
    told = [shapes.ReplenishmentScoreOut.model_validate(scoring.recommendation_to_json(one)) for one in scored]
    if actor is None:
        return shapes.ReplenishmentScoresOut(as_of=as_of, scores=told)
    kept, open_cases = deciding.replenishment(house, scored, actor=actor)
    told = [one.model_copy(update={"case_id": open_cases.get(one.recommendation["recommendation_id"])}) for one in told]
    return shapes.ReplenishmentScoresOut(as_of=as_of, scores=told, kept=_kept(kept))


def demand(house: Services, asked: shapes.ScoreDemandIn, *, actor: str | None = None) -> shapes.DemandScoresOut:
    """Scores the demand of items at places, or of all.

    Args:
        actor: who has it decided; nothing is stored when None.
    """
    as_of = asked.as_of or house.clock.now()
    places = None if asked.subjects is None else {(one.item_id, one.location_id) for one in asked.subjects}
    scored = demand_scoring.demand(house, as_of=as_of, places=places)
    told = shapes.DemandScoresOut.model_validate({"as_of": as_of} | demand_scoring.alerts_to_json(scored))
    if actor is None:
        return told
    kept, open_cases = deciding.demand(house, scored.shown, actor=actor)
    scores = [one.model_copy(update={"case_id": open_cases.get(one.subject)}) for one in told.scores]
    return told.model_copy(update={"scores": scores, "kept": _kept(kept)})


def invoices(house: Services, asked: shapes.ScoreInvoicesIn, *, actor: str | None = None) -> shapes.InvoiceScoresOut:
    """Scores bills of the ERP that wait to be settled.

    Args:
        actor: who has them decided; nothing is stored when None.
    """
    as_of = asked.as_of or house.clock.now()
    wanted = None if asked.subjects is None else {(one.supplier_id, one.invoice_number) for one in asked.subjects}
    scored = invoice_scoring.invoices(house, as_of=as_of, asked=wanted).bills
    told = [shapes.InvoiceScoreOut.model_validate(invoice_scoring.bill_to_json(one)) for one in scored]
    if actor is None:
        return shapes.InvoiceScoresOut(as_of=as_of, scores=told)
    kept, open_cases = deciding.invoices(house, scored, actor=actor)
    subjects = [subject_key(one.facts.key) for one in scored]
    told = [one.model_copy(update={"case_id": open_cases.get(key)}) for one, key in zip(told, subjects, strict=True)]
    return shapes.InvoiceScoresOut(as_of=as_of, scores=told, kept=_kept(kept))


def _kept(kept: Kept) -> shapes.KeptOut:
    return shapes.KeptOut.model_validate(deciding.kept_to_json(kept))
