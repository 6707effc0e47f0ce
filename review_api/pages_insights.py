"""The page of figures."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from review_api import insights
from review_api.auth import Principal, allow_page, services_of
from review_api.insights_page import insights_view
from review_api.pages import header_feeds
from review_api.rendering import page, reader
from review_api.routes_insights import Asked, Assumed
from review_api.services import Services

House = Annotated[Services, Depends(services_of)]
Viewing = Annotated[Principal, Depends(allow_page("insights.read"))]

router = APIRouter(include_in_schema=False)


@router.get("/insights")
def insights_page(*, request: Request, house: House, principal: Viewing, scope: Asked, given: Assumed) -> Response:
    """How it goes: every figure with its chart, its table, and what it was before."""
    found = insights.insights(house, scope, given)
    kept = {name: value for name, value in request.query_params.items() if value}
    context = {
        "scope": scope,
        "view": insights_view(found, reader(request), kept),
        "assumed": found.assumed,
        "currency": found.currency,
        "given": kept,
        "feeds": header_feeds(request, house),
    }
    return page(request, "insights.html", context, principal=principal)
