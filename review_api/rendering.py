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
from review_api import presenting, words
from review_api.auth import LANGUAGE_COOKIE, Principal, services_of
from review_api.gather_texts import script_texts
from review_api.percents import percent
from review_api.presenting import Reader
from review_api.texts import ENGLISH, Texts, languages, texts_of

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"


def page(
    request: Request, template: str, context: Mapping[str, Any], *, principal: Principal | None, status: int = 200
) -> HTMLResponse:
    """A page with its frame. Never cached by anyone: it shows what is true now, to this person."""
    seen_by = reader(request)
    frame = {"me": principal, "reader": seen_by, "path": request.url.path, "here": _here(request)}
    frame |= {"session_ends": getattr(request.state, "session_ends_at", None)}
    shown = {**frame, "q": "", "feeds": None, **context}
    html = environment(seen_by.texts.language).get_template(template).render(shown)
    return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})


def reader(request: Request) -> Reader:
    """The reader: the language they chose, here or in this browser, their locale, and the present instant."""
    chosen = getattr(request.state, "language", None) or request.cookies.get(LANGUAGE_COOKIE)
    return presenting.reader_of(request.headers.get("accept-language", ""), services_of(request).clock.now(), chosen)


def error_page(request: Request, error: ClearholdError, *, status: int) -> HTMLResponse:
    """What went wrong and the way on, for a person. Needs nothing of the database, which may be what is missing."""
    return page(request, "error.html", {"error": error}, principal=None, status=status)


def _here(request: Request) -> str:
    """Where the reader is, to come back to; after a form that was sent, the page it stands on."""
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query if request.method == "GET" else "/"


@cache
def static_version() -> str:
    """Names what all static files say together: under an address with it they can be kept for good."""
    files = sorted(path for path in STATIC.iterdir() if path.is_file())
    return sha256_of({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})[:12]


def _static(name: str) -> str:
    return f"/static/{static_version()}/{name}"


@cache
def environment(language: str) -> Environment:
    """The templates in one language. `_("…")` and `{% trans %}` say texts; facts in them are escaped as ever."""
    texts = texts_of(language)
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.globals.update(
        static=_static,
        gettext=texts.known.gettext,
        ngettext=texts.known.ngettext,
        _=texts.say,
        say_count=texts.say_count,
        languages=languages(),
        script_texts=_script_texts(texts),
    )
    environment.filters.update(
        sign=words.outcome_sign,
        word=lambda outcome: texts.say(words.outcome_word(outcome)),
        label=lambda name: texts.say(words.field_label(name)),
        role=lambda name: texts.say(words.role_word(name)),
        resolution=lambda name: texts.say(words.resolution_word(name)),
        document_state=lambda name: texts.say(words.state_word(name)),
        case_kind=lambda name: texts.say(words.kind_word(name)),
        sentence=texts.sentence,
        instant=instant_text,
        percent=percent,
    )
    return environment


def _script_texts(texts: Texts) -> dict[str, str]:
    """What scripts say, by the English they say it under; nothing where that is what they say."""
    if texts.language == ENGLISH:
        return {}
    return {text: texts.say(text) for text in sorted(text for text in script_texts() if isinstance(text, str))}
