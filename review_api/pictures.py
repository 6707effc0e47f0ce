"""Keeps a picture of the house for scoring, and takes a new one when feeds, policy or model change, or time goes on.

Where a new one is taken in a moment, whoever asks waits for it. Where that takes longer, it is taken beside, and
answers rest on the one before for at most `MOST_SECONDS`; each says as of when it judges.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.database import ReadSession
from core.errors import ClearholdError, UnavailableError
from ingest.feed_load import newest_loads
from triage import policies

if TYPE_CHECKING:
    from models.bundle import Bundle
    from models.late.orders import History
    from review_api.services import Services
    from triage.late_predicting import LateView
    from triage.order_picture import OrderPicture

FRESH_SECONDS = 10.0
MOST_SECONDS = 60.0
_CHECKED_SECONDS = 0.25
_MOMENT_SECONDS = 0.5
_REST = 5.0
"""Between two pictures that time alone asks for lies so many times what one took: seeing costs less than answering."""
_MODEL = "sla-miss"
_MODEL_FEEDS = ("sales_orders", "sales_order_lines", "shipments", "stock_levels")
_log = logging.getLogger("clearhold.scoring")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """What a picture rests on."""

    policy: int
    loads: tuple[tuple[str, str | None], ...]
    model: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    picture: "OrderPicture"
    token: _Token
    took_seconds: float


class Pictures:
    """The picture in use, and the way to a newer one."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._held: _Held | None = None
        self._checked: tuple[int, float] = (-1, 0.0)
        self._lock, self._taking = threading.Lock(), threading.Lock()
        self._history: tuple[tuple[str | None, ...], History] | None = None

    def at_hand(self) -> "OrderPicture | None":
        """The picture, where it is known without asking anybody that it is as good as new."""
        held, checked = self._held, self._checked
        if held is None or checked[0] != self._services.db.commits or time.monotonic() - checked[1] > _CHECKED_SECONDS:
            return None
        return held.picture if 0 <= self._age(held.picture) <= MOST_SECONDS else None

    def current(self) -> "OrderPicture":
        """The picture to judge against now; takes one where that is needed."""
        with self._lock:
            commits, at = self._services.db.commits, time.monotonic()
            with self._services.db.read() as session:
                token = self._token(session)
            held = self._held
            if held is None or held.token.policy != token.policy or not 0 <= self._age(held.picture) <= MOST_SECONDS:
                held = self._take()
            elif held.token != token or self._is_old(held):
                if held.took_seconds <= _MOMENT_SECONDS:
                    held = self._take()
                else:
                    self._take_beside()
            self._checked = (commits, at)
            return held.picture

    @contextmanager
    def session_of(self, picture: "OrderPicture") -> Iterator[ReadSession | None]:
        """A view of the feeds the picture was taken of; None when they have changed since."""
        held = self._held
        with self._services.db.read() as session:
            is_same = held is not None and held.picture is picture and held.token == self._token(session)
            yield session if is_same else None

    def _age(self, picture: "OrderPicture") -> float:
        return (self._services.clock.now() - picture.as_of).total_seconds()

    def _is_old(self, held: _Held) -> bool:
        return self._age(held.picture) > max(FRESH_SECONDS, _REST * held.took_seconds)

    def _token(self, session: ReadSession) -> _Token:
        bundle = self._services.bundles.get(_MODEL)
        loads = tuple(sorted(newest_loads(session).items()))
        version = policies.active_version(session)
        return _Token(policy=version, loads=loads, model=None if bundle is None else bundle.version)

    def _take_beside(self) -> None:
        if self._taking.acquire(blocking=False):
            threading.Thread(target=self._taken_beside, name="picture", daemon=True).start()

    def _taken_beside(self) -> None:
        try:
            self._take()
        except ClearholdError as error:
            _log.warning("no new picture code=%s %s", error.code, error.message)
        finally:
            self._taking.release()

    def _take(self) -> _Held:
        from triage.order_picture import OrderPicture

        began, services = time.perf_counter(), self._services
        known = () if self._held is None else self._held.picture.items
        with services.db.read() as session:
            as_of, token = services.clock.now(), self._token(session)
            policy = policies.active(session).policy
            bundle = services.bundles.get(_MODEL) if policy.predictions.late.use else None
            view = None if bundle is None else self._view(session, bundle, as_of, token)
            picture = OrderPicture(session, policy, as_of=as_of, view=view, items=known)
        held = self._held = _Held(picture=picture, token=token, took_seconds=time.perf_counter() - began)
        return held

    def _view(self, session: ReadSession, bundle: "Bundle", as_of: datetime, token: _Token) -> "LateView | None":
        from ingest.feed_frames import DatabaseFrames
        from models.late.orders import history_of
        from triage.late_predicting import LateView

        loads = dict(token.loads)
        of = tuple(loads.get(feed) for feed in _MODEL_FEEDS)
        if self._history is None or self._history[0] != of:
            self._history = of, history_of(DatabaseFrames(session).frame)
        try:
            return LateView.at(bundle, self._history[1], as_of)
        except UnavailableError as error:
            _log.warning("not predicted code=%s %s %s", error.code, error.message, error.remedy)
            return None
