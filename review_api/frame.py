"""What every request and answer passes: a limit on what may be sent, and headers that tell browsers to be strict."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import TooLargeError
from review_api.problems import problem_response

_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_MULTIPART_BYTES = 1_000_000
_FORM_BYTES = 2_000_000
_FEED_BYTES = 2_000_000_000
_CASES, _FILES = ("/v1/cases/", "/cases/"), ("/attachments", "/attach")


class SecurityHeaders:
    """Adds the headers to every answer, also to those of static files and errors."""

    def __init__(self, app: ASGIApp, is_https: bool) -> None:
        self.app = app
        self.headers = _HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if is_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, with the headers."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Refuses a body that is over the limit of its address, before and while it arrives: nothing fills the disk."""

    def __init__(self, app: ASGIApp, document_bytes: int) -> None:
        self.app = app
        self.document_bytes = document_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, unless too much is sent."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        seen, is_over, began = _declared(scope), False, False
        if seen > limit:
            await self._refusal(scope, limit)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen, is_over
            message = await receive()
            seen += len(message.get("body", b""))
            is_over = is_over or seen > limit
            if is_over:
                raise _OverLimitError
            return message

        async def watched(message: Message) -> None:
            # Whatever the application makes of the broken body, the answer is ours.
            nonlocal began
            if not is_over or began:
                began = True
                await send(message)

        with suppress(_OverLimitError):
            await self.app(scope, counted, watched)
        if is_over and not began:
            await self._refusal(scope, limit)(scope, receive, send)

    def _limit(self, path: str) -> int:
        if path.startswith("/v1/feeds/"):
            return _FEED_BYTES
        if path in {"/v1/documents", "/v1/extract"} or (path.startswith(_CASES) and path.endswith(_FILES)):
            return self.document_bytes + _MULTIPART_BYTES
        return 20 * self.document_bytes if path == "/upload" else _FORM_BYTES

    @staticmethod
    def _refusal(scope: Scope, limit: int) -> Response:
        error = TooLargeError(
            "REQUEST-TOO-LARGE",
            f"The request has more than the {limit:,} bytes allowed here.",
            "Send less at a time, or raise CLEARHOLD_MAX_BYTES.",
        )
        return problem_response(error, instance=scope["path"])


class StaticAssets(StaticFiles):
    """Static files, with how long a browser may keep them."""

    def __init__(self, *, directory: Path, cache_control: str) -> None:
        super().__init__(directory=directory)
        self.cache_control = cache_control

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file with its caching."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = self.cache_control
        return response


class _OverLimitError(Exception):
    """More came than is allowed here."""


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
