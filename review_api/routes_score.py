"""Scoring and deciding for orchestration: customers' orders, demand, replenishment and invoices.

`/score/…` judges now and stores nothing; `/decide/…` says the same, keeps the decisions and opens cases.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from review_api import asking, schemas
from review_api import score_schemas as shapes
from review_api.auth import Principal, allow, services_of
from review_api.idempotency import IdempotentRoute
from review_api.in_time import Deadline, in_time
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Asking = Annotated[Principal, Depends(allow("score"))]
Reasons = Annotated[
    bool, Query(description="reasons for every order; those that will probably be late have them anyhow")
]

router = APIRouter(
    route_class=IdempotentRoute,
    prefix="/v1",
    tags=["score"],
    dependencies=[Depends(allow("score"))],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}}
        for code in (401, 403, 404, 413, 422, 503)
    },
)


@router.post("/score/orders")
async def score_orders(
    house: House, asked: shapes.ScoreOrdersIn, deadline: Deadline = None, reasons: Reasons = False
) -> shapes.OrderScoresOut:
    """Whether customers' orders can be promised, each behind those that wait and were placed before it.

    Orders with their facts are judged as of `as_of` of the answer, some seconds ago at most.
    """
    work = partial(asking.orders, house, asked, explains=reasons)
    return await in_time(work, partial(asking.late_orders, house, asked), deadline)


@router.post("/decide/orders")
async def decide_orders(
    house: House, principal: Asking, asked: shapes.ScoreOrdersIn, deadline: Deadline = None
) -> shapes.OrderScoresOut:
    """The same; decisions are kept, and what is held has a case. Asking again decides nothing twice."""
    work = partial(asking.orders, house, asked, actor=principal.actor)
    return await in_time(work, partial(asking.late_orders, house, asked), deadline)


@router.post("/score/demand")
async def score_demand(house: House, asked: shapes.ScoreDemandIn, deadline: Deadline = None) -> shapes.DemandScoresOut:
    """Which demand of the last weeks was not as forecast, of what kind, and what it stands for in money."""
    return await in_time(partial(asking.demand, house, asked), partial(asking.late_demand, house, asked), deadline)


@router.post("/decide/demand")
async def decide_demand(
    house: House, principal: Asking, asked: shapes.ScoreDemandIn, deadline: Deadline = None
) -> shapes.DemandScoresOut:
    """The same; each alert has a case, and the same shift found again stays one."""
    work = partial(asking.demand, house, asked, actor=principal.actor)
    return await in_time(work, partial(asking.late_demand, house, asked), deadline)


@router.post("/score/replenishment")
async def score_replenishment(
    house: House, asked: shapes.ScoreReplenishmentIn, deadline: Deadline = None
) -> shapes.ReplenishmentScoresOut:
    """What the model or today's rule orders of items at places, or whether what is given can be, and how much of it."""
    work = partial(asking.replenishment, house, asked)
    return await in_time(work, partial(asking.late_replenishment, house, asked), deadline)


@router.post("/decide/replenishment")
async def decide_replenishment(
    house: House, principal: Asking, asked: shapes.ScoreReplenishmentIn, deadline: Deadline = None
) -> shapes.ReplenishmentScoresOut:
    """The same; decisions are kept, and what is held has a case. Asking again decides nothing twice."""
    work = partial(asking.replenishment, house, asked, actor=principal.actor)
    return await in_time(work, partial(asking.late_replenishment, house, asked), deadline)


@router.post("/score/invoices")
async def score_invoices(
    house: House, asked: shapes.ScoreInvoicesIn, deadline: Deadline = None
) -> shapes.InvoiceScoresOut:
    """Which bills that wait to be settled a person will probably change or dispute."""
    return await in_time(partial(asking.invoices, house, asked), partial(asking.late_invoices, house, asked), deadline)


@router.post("/decide/invoices")
async def decide_invoices(
    house: House, principal: Asking, asked: shapes.ScoreInvoicesIn, deadline: Deadline = None
) -> shapes.InvoiceScoresOut:
    """The same; what a model spoke of is kept, and what is held has a case for accounts payable."""
    work = partial(asking.invoices, house, asked, actor=principal.actor)
    return await in_time(work, partial(asking.late_invoices, house, asked), deadline)
