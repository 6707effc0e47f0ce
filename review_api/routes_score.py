"""Scoring for orchestration: customers' orders and replenishment, judged now, nothing stored."""

from typing import Annotated

from fastapi import APIRouter, Depends

from review_api import schemas, scoring
from review_api import score_schemas as shapes
from review_api.auth import allow, services_of
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]

router = APIRouter(
    prefix="/v1/score",
    tags=["score"],
    dependencies=[Depends(allow("score"))],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 413, 422)
    },
)


@router.post("/orders")
def orders(house: House, asked: shapes.ScoreOrdersIn) -> shapes.OrderScoresOut:
    """Whether customers' orders can be promised, each behind those that wait and were placed before it."""
    as_of = asked.as_of or house.clock.now()
    given = [one for one in (subject.given() for subject in asked.subjects) if one is not None]
    ids = [subject.order_id for subject in asked.subjects if subject.facts is None]
    scored = scoring.orders(house, as_of=as_of, order_ids=ids, given=given)
    told = [shapes.OrderScoreOut.model_validate(scoring.order_to_json(one)) for one in scored]
    return shapes.OrderScoresOut(as_of=as_of, scores=told)


@router.post("/replenishment")
def replenishment(house: House, asked: shapes.ScoreReplenishmentIn) -> shapes.ReplenishmentScoresOut:
    """What today's rule orders of items at places, or whether what is given can be ordered, and how much of it."""
    as_of = asked.as_of or house.clock.now()
    given = [one for one in (subject.given(as_of) for subject in asked.subjects) if one is not None]
    places = [(one.item_id, one.location_id) for one in asked.subjects if one.recommendation is None]
    scored = scoring.replenishment(house, as_of=as_of, places=places, given=given)
    told = [shapes.ReplenishmentScoreOut.model_validate(scoring.recommendation_to_json(one)) for one in scored]
    return shapes.ReplenishmentScoresOut(as_of=as_of, scores=told)
