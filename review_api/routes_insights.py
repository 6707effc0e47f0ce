"""Figures over HTTP: each as JSON and as CSV, what error promises stand at, and how the models do."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BeforeValidator

from core.canonical import to_jsonable
from review_api import insights, model_insights, promising, schemas
from review_api.auth import allow, services_of
from review_api.services import Services
from triage.insights.scope import Scope, scope_of
from triage.insights.tally import Figure

House = Annotated[Services, Depends(services_of)]
Name = Annotated[str | None, Query(max_length=200)]
_blank = BeforeValidator(lambda value: value or None)  # a form sends what is left open as empty text
Number = Annotated[Decimal | None, _blank, Query()]

router = APIRouter(
    prefix="/v1/insights",
    tags=["insights"],
    dependencies=[Depends(allow("insights.read"))],
    responses={
        code: {"model": schemas.Problem, "content": {"application/problem+json": {}}} for code in (401, 403, 404)
    },
)


def asked(
    *,
    house: House,
    since: Annotated[date | None, _blank, Query(alias="from")] = None,
    until: Annotated[date | None, _blank, Query(alias="to")] = None,
    kind: Annotated[str, Query(max_length=20)] = "paper",
    queue: Name = None,
    legal_entity: Name = None,
    supplier: Name = None,
    site: Name = None,
) -> Scope:
    """What is asked for: from and to a day (UTC), of which kind, queue, legal entity, supplier and site."""
    return scope_of(
        house.clock.now().date(), since=since, until=until, kind=kind, queue=queue or None,
        legal_entity=legal_entity or None, supplier=supplier or None, site=site or None,
    )  # fmt: skip


def assumed(
    minutes_by_hand: Number = None, hourly_cost: Number = None, hold_pct: Number = None, block_pct: Number = None
) -> dict[str, Decimal]:
    """What the money view is to assume in place of what the policy does."""
    given = {
        "minutes_by_hand": minutes_by_hand,
        "hourly_cost": hourly_cost,
        "hold_pct": hold_pct,
        "block_pct": block_pct,
    }
    return {name: value for name, value in given.items() if value is not None}


Asked = Annotated[Scope, Depends(asked)]
Assumed = Annotated[dict[str, Decimal], Depends(assumed)]


@router.get("")
def names() -> dict[str, list[str]]:
    """The figures there are, each under `/v1/insights/{name}`."""
    return {"names": [*insights.NAMES, "models", "promise"]}


@router.get("/promise")
def promise(house: House) -> dict[str, Any]:
    """Promises by kind of paper: thresholds, what they rest on, blind checks, and what is missing."""
    told: dict[str, Any] = to_jsonable(promising.promises(house))
    return told


@router.get("/promise.svg", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def promise_picture(house: House, kind: str = "invoice") -> Response:
    """Touchless share against risk, with today's point on it."""
    return Response(promising.picture(house, kind), media_type="image/svg+xml")


@router.get("/models", response_model=None, responses={200: {"content": {"text/csv": {}}}})
def models(house: House, format: Literal["json", "csv"] = "json") -> dict[str, Any] | Response:  # noqa: A002
    """By month and model: how far it moved from its training, and how it turned out where that is known."""
    found = model_insights.as_json(model_insights.months(house))
    return found if format == "json" else _csv(insights.model_months(found))


@router.get("/{name}", response_model=None, responses={200: {"content": {"text/csv": {}}}})
def figure(
    name: str,
    house: House,
    scope: Asked,
    given: Assumed,
    format: Literal["json", "csv"] = "json",  # noqa: A002
) -> dict[str, Any] | Response:
    """One figure with its table, its sums, and the sums of as many days just before; `format=csv` gives the table."""
    found, counted_at = insights.figure(house, name, scope, given)
    return insights.as_json(found, scope, counted_at) if format == "json" else _csv(found)


def _csv(found: Figure) -> Response:
    kept = {"Content-Disposition": f'attachment; filename="{found.name}.csv"'}
    return Response(insights.as_csv(found), media_type="text/csv; charset=utf-8", headers=kept)
