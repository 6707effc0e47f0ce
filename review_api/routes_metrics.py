"""Metrics for whoever watches over the service: outside `/v1`, and not for everybody."""

from typing import Annotated, cast

from fastapi import APIRouter, Depends, Request, Response

from review_api.auth import check_right, principal_of, services_of
from review_api.services import Services
from review_api.watching.watch import MEDIA_TYPE, Watch

router = APIRouter(tags=["health"])
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_THROUGH_A_PROXY = ("x-forwarded-for", "forwarded", "via", "x-real-ip")


def watch_of(request: Request) -> Watch:
    """What the running application shows of itself."""
    return cast(Watch, request.app.state.watch)


def may_watch(request: Request, house: Annotated[Services, Depends(services_of)]) -> None:
    """Lets in whom the settings name: this machine itself, an administrator, a key with the scope `metrics`.

    What comes through a proxy on this machine comes from elsewhere.

    Raises:
        AuthenticationError: `AUTH-MISSING`, `AUTH-KEY`.
        ForbiddenError: `AUTH-ROLE`.
    """
    access = house.settings.metrics_access
    if access == "open" or (access == "loopback" and _is_this_machine(request)):
        return
    check_right(principal_of(request), "metrics.read")


@router.get("/metrics", dependencies=[Depends(may_watch)], response_class=Response)
def metrics(watch: Annotated[Watch, Depends(watch_of)]) -> Response:
    """Latency, backlog, money waiting, feeds, promises, workers, in Prometheus's text format."""
    return Response(watch.text(), media_type=MEDIA_TYPE)


def _is_this_machine(request: Request) -> bool:
    address = None if request.client is None else request.client.host
    return (
        address in _LOOPBACK
        and "authorization" not in request.headers
        and not any(name in request.headers for name in _THROUGH_A_PROXY)
    )
