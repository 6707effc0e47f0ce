"""Counts every request by its route, and how long it took: a plain ASGI layer that costs some microseconds."""

import time
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SCORING_SECONDS = (0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 1.0, 5.0)
_ORCHESTRATION = ("/v1/score/", "/v1/decide/")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMeter:
    """The histograms of one process's requests."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Histogram(
            "clearhold_request_seconds",
            "Time to answer a request, by route and class of status.",
            ("method", "route", "status"),
            buckets=REQUEST_SECONDS,
            registry=registry,
        )
        self._scoring = Histogram(
            "clearhold_scoring_seconds",
            "Time to answer orchestration's call for scores or decisions.",
            ("call",),
            buckets=SCORING_SECONDS,
            registry=registry,
        )
        self.under_way = Gauge("clearhold_requests_under_way", "Requests being answered now.", registry=registry)
        self._known: dict[tuple[str, str, int], tuple[Any, Any]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one answer. Labels are looked up once for each route: that lookup is what costs."""
        key = (method, route, status // 100)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._meters(*key)
        known[0].observe(seconds)
        if known[1] is not None:
            known[1].observe(seconds)

    def _meters(self, method: str, route: str, status: int) -> tuple[Any, Any]:
        named = method if method in _METHODS else "other"
        request = self._requests.labels(named, route, f"{status}xx")
        is_scoring = route.startswith(_ORCHESTRATION) and status == 2
        return request, self._scoring.labels(route.removeprefix("/v1/")) if is_scoring else None


class Metered:
    """Measures each request from its first byte to the end of its answer.

    A request that matched no route is counted under `none`: what strangers type makes no series of its own.
    """

    def __init__(self, app: ASGIApp, meter: RequestMeter) -> None:
        self.app = app
        self.meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.meter.under_way.inc()
        try:
            await self.app(scope, receive, watched)
        finally:
            self.meter.under_way.dec()
            self.meter.observe(scope["method"], route_of(scope), status, time.perf_counter() - started)


def route_of(scope: Scope) -> str:
    """The route's template (`/v1/cases/{case_id}`), `static`, or `none`."""
    route = scope.get("route")
    if route is not None:
        return str(route.path)
    return "static" if scope["path"].startswith("/static/") else "none"
