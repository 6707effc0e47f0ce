"""The short way of `POST /v1/score/orders` with facts: what needs no database goes past all that only others need.

It answers what the ordinary route would answer, byte by meaning, and takes only what it can answer at once: a key that
was looked up a moment ago, orders with their facts, and a picture that holds all they are judged by. All else goes on.
"""

import json
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from pydantic import ValidationError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from review_api import asking, auth
from review_api.in_time import HEADER, MOST_MILLISECONDS
from review_api.score_schemas import ScoreOrdersIn
from review_api.services import Services

PATH = "/v1/score/orders"
_MOST_AT_ONCE = 8
"""Orders that are answered where requests are taken in; more would keep others waiting."""
_MOST_BYTES = 64_000
_ROUTE = SimpleNamespace(path=PATH)
"""As whoever measures requests asks for it."""
_EXPLAINS = {b"": False, b"reasons=false": False, b"reasons=true": True}


class ScoreLane:
    """Answers what it can at once and hands everything else to the application."""

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self.app, self._services = app, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        began, headers = time.monotonic(), dict(scope["headers"])
        if not self._may(headers) or scope["query_string"] not in _EXPLAINS:
            await self.app(scope, receive, send)
            return
        messages = [await receive()]
        while messages[-1].get("more_body") and sum(len(one.get("body", b"")) for one in messages) <= _MOST_BYTES:
            messages.append(await receive())
        answer = None
        if not messages[-1].get("more_body"):
            body = b"".join(one.get("body", b"") for one in messages)
            answer = self._answer(body, headers, began, explains=_EXPLAINS[scope["query_string"]])
        if answer is None:
            await self.app(scope, _again(messages, receive), send)
            return
        scope["route"] = _ROUTE
        head = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": answer})

    def _may(self, headers: Mapping[bytes, bytes]) -> bool:
        scheme, _, secret = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        principal = auth.known_principal(self._services, scheme, secret.strip())
        return (
            principal is not None
            and principal.may("score")
            and headers.get(b"content-type", b"").partition(b";")[0] == b"application/json"
        )

    def _answer(self, body: bytes, headers: Mapping[bytes, bytes], began: float, *, explains: bool) -> bytes | None:
        """The answer; None where the ordinary route has to give it."""
        deadline = headers.get(HEADER)
        if len(body) > _MOST_BYTES or (deadline is not None and not _is_deadline(deadline)):
            return None
        asked: ScoreOrdersIn | None = None
        with suppress(ValidationError):
            asked = ScoreOrdersIn.model_validate_json(body)
        if asked is None or len(asked.subjects) > _MOST_AT_ONCE:
            return None
        told = asking.given_orders_at_once(self._services, asked, explains=explains)
        if told is None:
            return None
        if deadline is not None and (time.monotonic() - began) * 1_000 > int(deadline):
            return asking.late_orders(self._services, asked).model_dump_json().encode()
        return json.dumps(told, default=_instant, ensure_ascii=False, separators=(",", ":")).encode()


def _is_deadline(text: bytes) -> bool:
    return text.isdigit() and len(text) < 7 and 1 <= int(text) <= MOST_MILLISECONDS


def _again(messages: list[Message], receive: Receive) -> Receive:
    """Gives what was taken in already once more."""
    left = iter(messages)

    async def received() -> Message:
        kept = next(left, None)
        return await receive() if kept is None else kept

    return received


def _instant(value: Any) -> str:
    assert isinstance(value, datetime)
    return value.isoformat().replace("+00:00", "Z")
