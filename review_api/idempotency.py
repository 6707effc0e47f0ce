"""Has a change that is asked for twice under one `Idempotency-Key` done once, and answered the same both times.

What the key is worth depends on the address (`ONCE` where nothing else is said):

* `ONCE`: the change and the mark that it is made are one transaction. A node that dies between change and answer leaves
  `IDEM-ANSWER-LOST`, never a second change.
* `REPEATABLE`: the thing itself knows that it was done (bytes by their hash, rows by their key, subjects by theirs), so
  what has no answer is simply done again.
* `SECRET`: as `ONCE`, and the answer, which shows a secret once, is never kept.
* `PURE`: changes nothing; the key is not looked at.
"""

import hashlib
import re
from collections.abc import Callable, Coroutine, Mapping
from enum import Enum
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from core.database import before_commit
from core.errors import ConflictError, InputError
from review_api import idempotency_rows as rows
from review_api.auth import Principal, principal_of, services_of
from review_api.problems import status_of
from review_api.services import Services

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LARGEST_ANSWER = 1_000_000
_TAIL = 100
_KEPT_HEADERS = ("content-type", "etag", "location", "link")
_KEY = re.compile(r'"?([!#-\[\]-~]{1,255})"?')


class Once(Enum):
    """What a key is worth at an address."""

    ONCE = "once"
    REPEATABLE = "repeatable"
    SECRET = "secret"  # noqa: S105  a kind, no secret
    PURE = "pure"


KINDS: Mapping[str, Once] = {
    "/v1/documents": Once.REPEATABLE,
    "/v1/feeds/{name}": Once.REPEATABLE,
    "/v1/decide/orders": Once.REPEATABLE,
    "/v1/decide/demand": Once.REPEATABLE,
    "/v1/decide/replenishment": Once.REPEATABLE,
    "/v1/decide/invoices": Once.REPEATABLE,
    "/v1/keys": Once.SECRET,
    "/v1/people": Once.SECRET,
    "/v1/people/{name}/reset": Once.SECRET,
    "/v1/bulk/preview": Once.PURE,
    "/v1/cases/{case_id}/check": Once.PURE,
    "/v1/cases/{case_id}/heartbeat": Once.PURE,
    "/v1/cases/{case_id}/try": Once.PURE,
    "/v1/extract": Once.PURE,
    "/v1/me/session": Once.PURE,
    "/v1/policy/check": Once.PURE,
    "/v1/score/orders": Once.PURE,
    "/v1/score/demand": Once.PURE,
    "/v1/score/replenishment": Once.PURE,
    "/v1/score/invoices": Once.PURE,
}


def kind_of(path: str) -> Once:
    """What a key is worth at an address, as the router writes it."""
    return KINDS.get(path, Once.SECRET if path.startswith("/v1/webhooks") else Once.ONCE)


class IdempotentRoute(APIRoute):
    """A route whose `POST` heeds an `Idempotency-Key`; without one, or where nothing changes, it is like any other."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with the key around it."""
        inner = super().get_route_handler()
        if "POST" not in (self.methods or set()):
            return inner

        async def handle(request: Request) -> Response:
            kind = kind_of(request.scope["route"].path) if HEADER in request.headers else Once.PURE
            if kind is Once.PURE:
                return await inner(request)
            try:
                return await _once(request, inner, kind)
            finally:
                await request.close()  # a form's files, also where nobody went on to read them

        return handle


async def _once(request: Request, inner: Callable[[Request], Coroutine[Any, Any, Response]], kind: Once) -> Response:
    key = _key(request.headers[HEADER])
    house = services_of(request)
    principal = await run_in_threadpool(principal_of, request)
    asked = await _fingerprint(request, principal)
    found = await run_in_threadpool(_claim, house, principal.actor, key, asked)
    if isinstance(found, rows.Earlier):
        if found.fingerprint != asked:
            raise InputError(
                "IDEM-OTHER-REQUEST",
                "This Idempotency-Key was sent with another request, or with other rights.",
                "Make a new key for each change, and send it again only with the same body to the same address.",
            )
        if found.state == "answered":
            return _again(found)
        raise _unanswered(found)
    rider = None if kind is Once.REPEATABLE else lambda session: rows.mark_changed(session, found)
    try:
        with before_commit(rider):
            answer = await inner(request)
    except BaseException as error:
        # What was refused has changed nothing; what broke may have, and then its key is not free.
        is_refused = isinstance(error, Exception) and status_of_any(error) < 500
        await run_in_threadpool(_release, house, found, only_unchanged=not is_refused)
        raise
    await run_in_threadpool(_keep, house, found, answer, kind)
    return answer


def status_of_any(error: Exception) -> int:
    """The status an exception will be answered with."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    from core.errors import ClearholdError

    if isinstance(error, ClearholdError):
        return status_of(error)
    if isinstance(error, RequestValidationError):
        return 422
    return error.status_code if isinstance(error, HTTPException) else 500


def _key(said: str) -> str:
    match = _KEY.fullmatch(said.strip())
    if match is None:
        raise InputError(
            "IDEM-KEY", "The Idempotency-Key is empty, too long or has spaces.", "Send a UUID, up to 255 characters."
        )
    return match[1]


async def _fingerprint(request: Request, principal: Principal) -> str:
    """The hash of method, address and body; of a form its parts, since clients draw a new boundary each time.

    Rights are part of it: who has lost a role is not shown again what that role was answered.
    """
    rights = f"{principal.role} {sorted(principal.scopes)}"
    told = hashlib.sha256(f"{rights}\n{request.method} {request.url.path}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        for name, value in (await request.form()).multi_items():
            told.update(f"\n{name!r} ".encode())
            if isinstance(value, UploadFile):
                told.update(f"{value.filename!r}\n".encode())
                await run_in_threadpool(_hash_file, told, value)
            else:
                told.update(value.encode())
    else:
        told.update(await request.body())
    return told.hexdigest()


def _hash_file(told: Any, file: UploadFile) -> None:
    file.file.seek(0)
    while piece := file.file.read(1 << 20):
        told.update(piece)
    file.file.seek(0)


def _claim(house: Services, actor: str, key: str, fingerprint: str) -> rows.Claim | rows.Earlier:
    with house.db.write() as session:
        return rows.claim(session, actor=actor, key=key, fingerprint=fingerprint, at=house.clock.now())


def _release(house: Services, claim: rows.Claim, *, only_unchanged: bool) -> None:
    with house.db.write() as session:
        rows.release(session, claim, only_unchanged=only_unchanged)


def _keep(house: Services, claim: rows.Claim, answer: Response, kind: Once) -> None:
    body: Any = getattr(answer, "body", None)
    with house.db.write() as session:
        if answer.status_code >= 300 or (kind is Once.REPEATABLE and (not _is_kept(body) or _is_late(body))):
            rows.release(session, claim, only_unchanged=False)
        elif kind is Once.SECRET or not _is_kept(body):
            rows.mark_changed(session, claim)
        else:
            headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
            rows.keep_answer(session, claim, status=answer.status_code, headers=headers, body=bytes(body).decode())


def _is_late(body: bytes) -> bool:
    """Whether a deadline passed first: asked again, the same question may be answered."""
    return b'"is_late":true' in body[-_TAIL:]


def _is_kept(body: object) -> bool:
    return isinstance(body, bytes | memoryview) and len(body) <= LARGEST_ANSWER


def _again(found: rows.Earlier) -> Response:
    answer = Response(found.body, status_code=found.status or 200)
    for name, value in found.headers.items():
        answer.headers[name] = value
    answer.headers[REPLAYED] = "true"
    return answer


def _unanswered(found: rows.Earlier) -> ConflictError:
    if found.state == "changed":
        return ConflictError(
            "IDEM-ANSWER-LOST",
            "This was done under the same Idempotency-Key; its answer is not kept.",
            "Look at the thing as it is now; use a new key for another change.",
        )
    busy = ConflictError("IDEM-BUSY", "Another request has this Idempotency-Key.", "Ask again in a moment.")
    busy.retry_after = 2
    return busy
