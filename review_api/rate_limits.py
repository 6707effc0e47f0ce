"""Gives each caller so many requests a minute, by class of address, from a bucket that fills steadily.

A caller is a credential: an API key or token, or a session's cookie. One that was not found to be good yet draws from
the bucket of its address, so that made-up keys get no bucket of their own. The buckets are this process's: N processes
together allow N times as much. Beyond the limits a bounded number of requests is worked on at once; more is refused at
once rather than kept waiting.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import RateLimitedError, UnavailableError
from core.settings import Settings
from review_api.problems import problem_response

WINDOW_SECONDS = 10
MOST_CALLERS = 20_000
_SCORING = ("/v1/score/", "/v1/decide/")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(slots=True)
class Bucket:
    """What one caller has left, and when that was true."""

    left: float
    at: float


class Buckets:
    """The buckets of one class of addresses; the longest unused is forgotten when there are too many.

    Args:
        a_minute: how many requests a minute; 0 for as many as anybody likes.
    """

    def __init__(self, name: str, a_minute: int) -> None:
        self.name = name
        self.rate = a_minute / 60
        self.most = max(1, math.ceil(a_minute * WINDOW_SECONDS / 60))
        self.policy = f'"{name}";q={self.most};w={WINDOW_SECONDS}'
        self._of: OrderedDict[int, Bucket] = OrderedDict()

    def take(self, caller: int, now: float) -> tuple[bool, int, int]:
        """Takes one request out: whether there was one, how many are left, seconds until the next or until full."""
        bucket = self._of.get(caller)
        if bucket is None:
            bucket = self._of[caller] = Bucket(self.most, now)
            if len(self._of) > MOST_CALLERS:
                self._of.popitem(last=False)
        else:
            self._of.move_to_end(caller)
            bucket.left = min(self.most, bucket.left + (now - bucket.at) * self.rate)
            bucket.at = now
        if bucket.left < 1:
            return False, 0, math.ceil((1 - bucket.left) / self.rate)
        bucket.left -= 1
        return True, int(bucket.left), math.ceil((self.most - bucket.left) / self.rate)


class RateLimits:
    """Refuses what is over a limit before anything is read or looked up, and says in every answer what is left."""

    def __init__(self, app: ASGIApp, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self._clock = clock
        rates = {"read": settings.rate_read, "write": settings.rate_write, "score": settings.rate_score}
        self._buckets = {name: Buckets(name, rate) for name, rate in rates.items()}
        self._strangers = Buckets("strangers", settings.rate_strangers)
        self._accepted: OrderedDict[int, None] = OrderedDict()
        self._most_at_once = settings.most_at_once
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers as the application does, unless it is too much."""
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        caller, state = _credential(scope), scope.setdefault("state", {})
        is_accepted = caller in self._accepted
        buckets = self._buckets[_class_of(scope)] if is_accepted else self._strangers
        told = None
        if buckets.rate:
            is_allowed, left, seconds = buckets.take(caller if is_accepted else _address(scope), self._clock())
            told = f'"{buckets.name}";r={left};t={seconds}'
        else:
            is_allowed, seconds = True, 0

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                if told is not None:
                    headers = MutableHeaders(scope=message)
                    headers["RateLimit-Policy"], headers["RateLimit"] = buckets.policy, told
                if caller and (message["status"] == 401 or "principal" in state):
                    self._remember(caller, is_refused=message["status"] == 401)
            await send(message)

        if not is_allowed:
            refusal = RateLimitedError(
                "RATE-LIMIT",
                "More requests came than one caller may send.",
                "Wait as long as Retry-After says, and spread what is not urgent.",
            )
            refusal.retry_after = max(1, seconds)
            caller = 0
            await problem_response(refusal, instance=scope["path"])(scope, receive, watched)
            return
        if self._at_once >= self._most_at_once:
            busy = UnavailableError(
                "SERVER-BUSY", "As much is being worked on as this node can.", "Try again in a moment."
            )
            busy.retry_after = 1
            caller = 0
            await problem_response(busy, instance=scope["path"])(scope, receive, watched)
            return
        self._at_once += 1
        try:
            await self.app(scope, receive, watched)
        finally:
            self._at_once -= 1

    def _remember(self, caller: int, *, is_refused: bool) -> None:
        if is_refused:
            self._accepted.pop(caller, None)
            return
        self._accepted[caller] = None
        self._accepted.move_to_end(caller)
        if len(self._accepted) > MOST_CALLERS:
            self._accepted.popitem(last=False)


def _class_of(scope: Scope) -> str:
    if scope["path"].startswith(_SCORING):
        return "score"
    return "read" if scope["method"] in _SAFE else "write"


def _credential(scope: Scope) -> int:
    """A number for what the caller shows, from a hash with this process's own salt; 0 without any."""
    cookie = b""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return hash(value) or 1
        if name == b"cookie" and b"clearhold_session=" in value:
            cookie = value.partition(b"clearhold_session=")[2].partition(b";")[0]
    return (hash(cookie) or 1) if cookie else 0


def _address(scope: Scope) -> int:
    client = scope.get("client")
    return hash(client[0] if client else None)
