"""Turns what went wrong into what the caller is told: RFC 9457 for programs, a page for people. The one place."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from core.errors import (
    AuthenticationError,
    ClearholdError,
    ConflictError,
    DiskFullError,
    ForbiddenError,
    InputError,
    NotFoundError,
    RateLimitedError,
    TooLargeError,
    UnavailableError,
)
from review_api.request_ids import request_id
from review_api.watching.requests import route_of

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)


class PreconditionMissingError(ClearholdError):
    """A change was asked for without saying which version of the thing it is a change of."""


class _HttpError(ClearholdError):
    """An error of the frame, not of the house: it carries its status itself."""

    def __init__(self, status: int, code: str, message: str, remedy: str) -> None:
        super().__init__(code, message, remedy)
        self.status = status


# The first class that fits decides: put a subclass before its base.
STATUS: tuple[tuple[type[ClearholdError], int], ...] = (
    (TooLargeError, 413),
    (InputError, 422),
    (NotFoundError, 404),
    (ConflictError, 409),
    (ForbiddenError, 403),
    (AuthenticationError, 401),
    (PreconditionMissingError, 428),
    (RateLimitedError, 429),
    (DiskFullError, 507),
    (UnavailableError, 503),
)
STATUS_OF_CODE: Mapping[str, int] = {
    "CASE-CHANGED": 412,
    "POLICY-CHANGED": 412,
    "POLICY-DRAFT-CHANGED": 412,
    "REQUEST-VERSION": 400,
    "REQUEST-ACCEPT": 406,
    "REQUEST-JSON": 400,
    "REQUEST-MEDIA-TYPE": 415,
}
_HTTP_CODES: Mapping[int, tuple[str, str, str]] = {
    400: ("REQUEST-BROKEN", "The request cannot be read.", "Send a body as its Content-Type says it is."),
    404: ("NOT-FOUND", "There is nothing at this address.", "Look the address up in /v1/openapi.json."),
    405: ("METHOD-NOT-ALLOWED", "This address does not take that method.", "Look it up in /v1/openapi.json."),
}
_TITLES: Mapping[int, str] = {
    400: "Not understood",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "No such form",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Not in this form",
    422: "Not acceptable as it is",
    428: "Version missing",
    429: "Too many tries",
    500: "Failed",
    503: "Not available now",
    507: "No space left",
}


def status_of(error: ClearholdError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, _HttpError):
        return error.status
    if error.code in STATUS_OF_CODE:
        return STATUS_OF_CODE[error.code]
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def title_of(status: int) -> str:
    """What a status means, in two words."""
    return _TITLES.get(status, "Failed")


def problem(error: ClearholdError, *, instance: str) -> dict[str, Any]:
    """An error as an RFC 9457 problem document; rejected rows of a feed are told one by one."""
    status = status_of(error)
    told: dict[str, Any] = {
        "type": f"urn:clearhold:problem:{error.code}",
        "title": title_of(status),
        "status": status,
        "detail": error.message,
        "instance": instance,
        "code": error.code,
        "remedy": error.remedy,
        "request_id": request_id(),
    }
    rejected = getattr(error, "rejected", None)
    return told | ({"rejected": jsonable_encoder(rejected)} if rejected else {})


def problem_response(error: ClearholdError, *, instance: str) -> Response:
    """The problem document as an answer, with the headers its status asks for."""
    status = status_of(error)
    headers = {
        401: {"WWW-Authenticate": 'Bearer realm="clearhold"'},
        429: {"Retry-After": "900"},
        503: {"Retry-After": "5"},
        507: {"Retry-After": "60"},
    }.get(status, {})
    answer = JSONResponse(problem(error, instance=instance), status_code=status, media_type=MEDIA_TYPE, headers=headers)
    if error.retry_after is not None:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def add_handlers(app: FastAPI) -> None:
    """Makes every error leave through here."""
    app.add_exception_handler(ClearholdError, _clearhold_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)


def _clearhold_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ClearholdError)
    if _is_for_programs(request):
        return problem_response(error, instance=request.url.path)
    if isinstance(error, AuthenticationError) and request.url.path != "/login":
        return RedirectResponse(f"/login{_come_back(request)}", status_code=303)
    from review_api.rendering import error_page

    return error_page(request, error, status=status_of(error))


def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if (unread := _unread_body(request, error)) is not None:
        return _clearhold_error(request, unread)
    wrong = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
    return _clearhold_error(
        request,
        InputError(
            "REQUEST-INVALID", f"The request is not as it should be: {wrong}.", "Compare it with /v1/openapi.json."
        ),
    )


def _unread_body(request: Request, error: RequestValidationError) -> ClearholdError | None:
    """Why a body was not even looked at, where that is what is wrong: its media type, or JSON that is none."""
    wrong = error.errors()
    if any(one["type"] == "json_invalid" for one in wrong):
        return InputError("REQUEST-JSON", "The body is no JSON.", "Send what a JSON library has written, as UTF-8.")
    field = getattr(request.scope.get("route"), "body_field", None)
    if field is None or all(one["loc"][0] != "body" for one in wrong):
        return None
    wanted = getattr(field.field_info, "media_type", None) or "application/json"
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = sent == "application/json" or (sent.startswith("application/") and sent.endswith("+json"))
    if sent == wanted or (wanted == "application/json" and is_json) or not _has_body(request):
        return None
    return InputError(
        "REQUEST-MEDIA-TYPE",
        f"The body is not taken as {sent or 'something unnamed'}.",
        f"Send it with Content-Type: {wanted}.",
    )


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = _HTTP_CODES.get(error.status_code)
    if known is None:
        known = ("REQUEST-REFUSED", f"{error.detail}.", "Compare the request with /v1/openapi.json.")
    answer = _clearhold_error(request, _HttpError(error.status_code, *known))
    answer.headers.update(error.headers or {})
    if error.status_code == 405:
        answer.headers["Allow"] = ", ".join(sorted(_methods_here(request)))
    return answer


def _methods_here(request: Request) -> set[str]:
    """Every method this address takes: each is a route of its own, and the router names only the first one's."""
    methods = {"GET", "POST", "PUT", "PATCH", "DELETE"}
    taken = {one for one in methods if _is_taken(request.app.router, {**request.scope, "method": one})}
    return taken | ({"HEAD"} if "GET" in taken and _is_for_programs(request) else set())


def _is_taken(router: Any, scope: Any) -> bool:
    return any(route.matches(scope)[0] is Match.FULL for route in router.routes)


def _unexpected(request: Request, error: Exception) -> Response:
    if isinstance(error, OSError) and (full := DiskFullError.of(error)) is not None:
        _log.error("failed method=%s route=%s code=%s", request.method, route_of(request.scope), full.code)
        return _clearhold_error(request, full)
    _log.error("failed method=%s route=%s", request.method, route_of(request.scope), exc_info=error)
    return _clearhold_error(
        request,
        _HttpError(
            500, "INTERNAL", "Something failed that should not have.", "Try again; if it stays, look into the log."
        ),
    )


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/v1", "/livez", "/readyz", "/metrics"))


def _come_back(request: Request) -> str:
    from urllib.parse import quote

    if request.method != "GET" or request.url.path == "/":
        return ""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"?next={quote(request.url.path + query, safe='')}"
