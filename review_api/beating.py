"""The worker's turn to say that it lives, and what it has done: for whoever watches over many of them."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from core import heartbeats
from core.errors import UnavailableError
from core.heartbeats import Beat
from core.pauses import Pause
from review_api.services import Services
from triage import case_rows

_log = logging.getLogger("clearhold.beat")


class Beating:
    """Writes a worker's heartbeat every ten seconds.

    Args:
        said: the worker's own counts, as they are when it is asked.
    """

    def __init__(self, services: Services, node: str, said: Callable[[], Mapping[str, Any]]) -> None:
        self._services = services
        self._node = node
        self._said = said
        self._started: datetime | None = None
        self._pause = Pause(heartbeats.EVERY_SECONDS)

    def go_on(self) -> None:
        """Does it when it is time; a database that is away is the worker's to wait for."""
        if self._pause.is_over:
            self._pause.begin()
            self._beat(ended=False)

    def end(self) -> None:
        """Says that it ended in good order."""
        try:
            self._beat(ended=True)
        except UnavailableError as error:
            _log.warning("the end is not told code=%s", error.code)

    def _beat(self, *, ended: bool) -> None:
        at = self._services.clock.now()
        self._started = self._started or at
        one = Beat(
            node=self._node,
            started_at=self._started,
            seen_at=at,
            ended_at=at if ended else None,
            version=_version(),
            said=self._said(),
        )
        with self._services.db.write() as session:
            heartbeats.beat(session, one)
            if case_rows.is_money_behind(session):
                case_rows.recount_money(session)


@cache
def _version() -> str:
    from importlib.metadata import version

    return version("clearhold")
