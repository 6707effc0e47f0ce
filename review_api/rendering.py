"""Renders pages: templates that escape everything by default, with what every page shows around its own content."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from core.canonical import instant_text, sha256_of
from core.errors import ClearholdError
from review_api import presenting
from review_api.auth import Principal, services_of
from review_api.percents import percent
from review_api.presenting import Reader

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


def page(
    request: Request, template: str, context: Mapping[str, Any], *, principal: Principal | None, status: int = 200
) -> HTMLResponse:
    """A page with its frame. Never cached by anyone: it shows what is true now, to this person."""
    shown = {"me": principal, "reader": reader(request), "path": request.url.path, "q": "", "feeds": None, **context}
    html = _environment().get_template(template).render(shown)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})


def reader(request: Request) -> Reader:
    """The reader's locale and the present instant."""
    return presenting.reader_of(request.headers.get("accept-language", ""), services_of(request).clock.now())


def error_page(request: Request, error: ClearholdError, *, status: int) -> HTMLResponse:
    """What went wrong and the way on, for a person. Needs nothing of the database, which may be what is missing."""
    return page(request, "error.html", {"error": error}, principal=None, status=status)


@cache
def static_version() -> str:
    """Names what all static files say together: under an address with it they can be kept for good."""
    files = sorted(path for path in STATIC.iterdir() if path.is_file())
    return sha256_of({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})[:12]


def _static(name: str) -> str:
    return f"/static/{static_version()}/{name}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=_static)
    environment.filters.update(
        sign=presenting.outcome_sign,
        word=presenting.outcome_word,
        label=presenting.field_label,
        instant=instant_text,
        percent=percent,
    )
    return environment
