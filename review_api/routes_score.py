"""Scoring and deciding for orchestration: customers' orders, demand, replenishment and invoices.

`/score/…` judges now and stores nothing; `/decide/…` says the same, keeps the decisions and opens cases.
"""

from typing import Annotated

from fastapi import APIRouter, Depends

from review_api import asking, schemas
from review_api import score_schemas as shapes
from review_api.auth import Principal, allow, services_of
from review_api.idempotency import IdempotentRoute
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Asking = Annotated[Principal, Depends(allow("score"))]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["score"],
    dependencies=[Depends(allow("score"))],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 413, 422)
    },
)


@router.post("/score/orders")
def score_orders(house: House, asked: shapes.ScoreOrdersIn) -> shapes.OrderScoresOut:
    """Whether customers' orders can be promised, each behind those that wait and were placed before it."""
    return asking.orders(house, asked)


@router.post("/decide/orders")
def decide_orders(house: House, principal: Asking, asked: shapes.ScoreOrdersIn) -> shapes.OrderScoresOut:
    """The same; decisions are kept, and what is held has a case. Asking again decides nothing twice."""
    return asking.orders(house, asked, actor=principal.actor)


@router.post("/score/demand")
def score_demand(house: House, asked: shapes.ScoreDemandIn) -> shapes.DemandScoresOut:
    """Which demand of the last weeks was not as forecast, of what kind, and what it stands for in money."""
    return asking.demand(house, asked)


@router.post("/decide/demand")
def decide_demand(house: House, principal: Asking, asked: shapes.ScoreDemandIn) -> shapes.DemandScoresOut:
    """The same; each alert has a case, and the same shift found again stays one."""
    return asking.demand(house, asked, actor=principal.actor)


@router.post("/score/replenishment")
def score_replenishment(house: House, asked: shapes.ScoreReplenishmentIn) -> shapes.ReplenishmentScoresOut:
    """What the model or today's rule orders of items at places, or whether what is given can be, and how much of it."""
    return asking.replenishment(house, asked)


@router.post("/decide/replenishment")
def decide_replenishment(
    house: House, principal: Asking, asked: shapes.ScoreReplenishmentIn
) -> shapes.ReplenishmentScoresOut:
    """The same; decisions are kept, and what is held has a case. Asking again decides nothing twice."""
    return asking.replenishment(house, asked, actor=principal.actor)


@router.post("/score/invoices")
def score_invoices(house: House, asked: shapes.ScoreInvoicesIn) -> shapes.InvoiceScoresOut:
    """Which bills that wait to be settled a person will probably change or dispute."""
    return asking.invoices(house, asked)


@router.post("/decide/invoices")
def decide_invoices(house: House, principal: Asking, asked: shapes.ScoreInvoicesIn) -> shapes.InvoiceScoresOut:
    """The same; what a model spoke of is kept, and what is held has a case for accounts payable."""
    return asking.invoices(house, asked, actor=principal.actor)
