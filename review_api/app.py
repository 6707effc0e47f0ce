"""Puts the web application together: API, pages, static files, and what every answer carries."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from review_api import (
    pages,
    pages_audit,
    pages_bulk,
    pages_cases,
    pages_deciding,
    pages_insights,
    pages_login,
    pages_people,
    pages_policy,
    pages_queue,
    pages_webhooks,
    problems,
    routes_audit,
    routes_cases,
    routes_deciding,
    routes_documents,
    routes_export,
    routes_feeds,
    routes_health,
    routes_insights,
    routes_me,
    routes_memory,
    routes_metrics,
    routes_models,
    routes_paper,
    routes_people,
    routes_policy,
    routes_policy_drafts,
    routes_score,
    routes_webhooks,
    routes_work,
)
from review_api.frame import BodyLimit, SecurityHeaders, StaticAssets
from review_api.negotiation import Negotiation
from review_api.papers import Renderer
from review_api.preview_runs import PreviewRuns
from review_api.rate_limits import RateLimits
from review_api.rendering import STATIC, static_version
from review_api.request_ids import RequestIds
from review_api.score_lane import ScoreLane
from review_api.services import Services
from review_api.watching.requests import Metered
from review_api.watching.watch import Watch

DESCRIPTION = (
    "Supplier papers, checked and sorted into clear and hold. Errors are RFC 9457 problem documents with a permanent "
    "`code` and a `remedy`. Send `Authorization: Bearer ck_…`; changes to a case carry its ETag as `If-Match`."
)


def create_app(services: Services, renderer: Renderer | None = None) -> FastAPI:
    """The application over these services. Whoever calls closes the services."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.previews.close()
        if app.state.sign_in is not None:
            app.state.sign_in.provider.close()
        app.state.renderer.close()
        app.state.word_reader.close()

    app = _Application(
        title="Clearhold",
        version="1",
        description=DESCRIPTION,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.services = services
    app.state.watch = Watch(services)
    app.state.previews = PreviewRuns(services)
    _add_sign_in(app, services)
    for module in (routes_policy_drafts, pages_policy, routes_people, pages_people, pages_login):
        app.include_router(module.router)
    app.state.renderer = renderer or Renderer(services.settings)
    # A child of its own: reading a scan takes seconds, and nobody waits that long for an image.
    app.state.word_reader = renderer or Renderer(services.settings)
    documents = (routes_documents, routes_cases, routes_deciding, routes_work, routes_paper, routes_memory)
    house = (
        routes_audit,
        routes_feeds,
        routes_policy,
        routes_score,
        routes_insights,
        routes_export,
        routes_models,
        routes_webhooks,
    )
    own = (pages, pages_audit, pages_queue, pages_bulk, pages_cases, pages_deciding, pages_insights, pages_webhooks)
    for module in (*documents, *house, routes_me, routes_health, routes_metrics, *own):
        app.include_router(module.router)
    # Pages carry a session's token beside what somebody searched for, so only static files are compressed.
    kept = StaticAssets(directory=STATIC, cache_control="public, max-age=31536000, immutable")
    app.mount(f"/static/{static_version()}", GZipMiddleware(kept, minimum_size=500))
    app.mount("/static", StaticAssets(directory=STATIC, cache_control="no-cache"))
    problems.add_handlers(app)
    app.add_middleware(ScoreLane, services=services)
    app.add_middleware(BodyLimit, document_bytes=services.settings.max_bytes)
    app.add_middleware(Metered, meter=app.state.watch.meter)
    return app


class _Application(FastAPI):
    """The application inside what even the answer to a failure passes, which the framework would put outside."""

    def build_middleware_stack(self) -> ASGIApp:
        """Everything there is, with the request's name and the headers around it."""
        settings = self.state.services.settings
        inside: ASGIApp = Negotiation(super().build_middleware_stack())
        inside = RateLimits(inside, settings)
        return RequestIds(SecurityHeaders(inside, is_https=settings.secure_cookies))


def _add_sign_in(app: FastAPI, services: Services) -> None:
    """Signing in with a provider, where the settings name one; nothing of it is loaded without."""
    app.state.sign_in = app.state.program_of_token = None
    if services.settings.oidc_issuer is None and services.settings.local_login:
        return
    from review_api import pages_oidc
    from review_api.oidc_sign_in import sign_in_of

    app.state.sign_in = sign_in_of(services)
    if services.settings.oidc_api_audience is not None:
        app.state.program_of_token = app.state.sign_in.program
    app.include_router(pages_oidc.router)
