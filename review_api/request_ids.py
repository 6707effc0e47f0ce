"""Names every request, by the caller's `X-Request-Id` or a name of our own, in answer, problem and log.

A name that could break a line of the log, or is longer than anybody needs, is not taken over.
"""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.logs import request_id as _request_id

HEADER = "X-Request-Id"
_TAKEN = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")


def request_id() -> str | None:
    """The name of the request that is being answered; None outside of one."""
    return _request_id.get()


class RequestIds:
    """Gives each request its name, before anything else sees it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, with the name."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = _sent(scope) or f"req_{secrets.token_hex(12)}"
        _request_id.set(name)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        await self.app(scope, receive, send_named)


def _sent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            return str(value, "ascii") if _TAKEN.fullmatch(value) else None
    return None
