"""Answers orchestration: scores what is asked for and, for whoever has it decided, keeps that and names the cases."""

from typing import Any

from review_api import deciding, demand_scoring, invoice_scoring, scoring
from review_api import score_schemas as shapes
from review_api.in_time import held_late, nothing_in_time
from review_api.services import Services
from triage.decide import RULES_VERSION
from triage.decisions import finding_to_json
from triage.planning_flow import Kept
from triage.planning_judged import subject_key


def orders(
    house: Services, asked: shapes.ScoreOrdersIn, *, actor: str | None = None, explains: bool = True
) -> shapes.OrderScoresOut:
    """Scores orders by number or with their facts.

    Args:
        actor: who has them decided; nothing is stored when None.
        explains: whether all get reasons; those that will probably be late always do.
    """
    given = [one for one in (subject.given() for subject in asked.subjects) if one is not None]
    ids = [subject.order_id for subject in asked.subjects if subject.facts is None]
    if actor is None and asked.as_of is None and not ids:
        as_of, scored = scoring.given_orders(house, given, explains=explains)
    else:
        as_of = asked.as_of or house.clock.now()
        scored = scoring.orders(house, as_of=as_of, order_ids=ids, given=given, explains=explains)
    told = [shapes.OrderScoreOut.model_validate(scoring.order_to_json(one)) for one in scored]
    if actor is None:
        return shapes.OrderScoresOut(as_of=as_of, scores=told)
    kept, open_cases = deciding.orders(house, scored, actor=actor)
    told = [one.model_copy(update={"case_id": open_cases.get(one.order_id)}) for one in told]
    return shapes.OrderScoresOut(as_of=as_of, scores=told, kept=_kept(kept))


def given_orders_at_once(house: Services, asked: shapes.ScoreOrdersIn, *, explains: bool) -> dict[str, Any] | None:
    """The same for orders with their facts, where all they are judged by is at hand; None where it is not."""
    picture = house.pictures.at_hand()
    given = [one for one in (subject.given() for subject in asked.subjects) if one is not None]
    if picture is None or asked.as_of is not None or len(given) < len(asked.subjects) or not picture.has_all(given):
        return None
    scored = picture.judge(given, lambda: house.pictures.session_of(picture), explains=explains)
    told = [scoring.order_to_json(one) | {"case_id": None} for one in scored]
    return {"as_of": picture.as_of, "scores": told, "kept": None, "is_late": False}


def late_orders(house: Services, asked: shapes.ScoreOrdersIn) -> shapes.OrderScoresOut:
    """What is said of orders when the time that was given is over: each is held."""
    held = [
        shapes.OrderScoreOut.model_validate(
            _held_late()
            | {"order_id": one.order_id}
            | (
                one.facts.model_dump(include={"ordered_at", "promised_at", "order_value", "currency"})
                if one.facts
                else {}
            )
        )
        for one in asked.subjects
    ]
    return shapes.OrderScoresOut(as_of=asked.as_of or house.clock.now(), scores=held, is_late=True)


def late_replenishment(house: Services, asked: shapes.ScoreReplenishmentIn) -> shapes.ReplenishmentScoresOut:
    """The same of recommendations; of items at places it names these."""
    held = [
        shapes.ReplenishmentScoreOut.model_validate(
            _held_late() | {"recommendation": one.model_dump(mode="json"), "quantity": 0}
        )
        for one in asked.subjects
    ]
    return shapes.ReplenishmentScoresOut(as_of=asked.as_of or house.clock.now(), scores=held, is_late=True)


def late_invoices(house: Services, asked: shapes.ScoreInvoicesIn) -> shapes.InvoiceScoresOut:
    """The same of bills.

    Raises:
        UnavailableError: `SCORE-DEADLINE` where none are named.
    """
    if asked.subjects is None:
        raise nothing_in_time()
    held = [shapes.InvoiceScoreOut.model_validate(_held_late() | one.model_dump()) for one in asked.subjects]
    return shapes.InvoiceScoresOut(as_of=asked.as_of or house.clock.now(), scores=held, is_late=True)


def late_demand(_house: Services, _asked: shapes.ScoreDemandIn) -> shapes.DemandScoresOut:
    """Of demand nothing can be said without looking: what is not odd is not named at all.

    Raises:
        UnavailableError: `SCORE-DEADLINE`.
    """
    raise nothing_in_time()


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


def _held_late() -> dict[str, Any]:
    finding = held_late()
    return {"outcome": finding.outcome.value, "findings": [finding_to_json(finding)], "rules_version": RULES_VERSION}


def _kept(kept: Kept) -> shapes.KeptOut:
    return shapes.KeptOut.model_validate(deciding.kept_to_json(kept))
