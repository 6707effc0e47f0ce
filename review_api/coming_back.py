"""Puts cases back into the queue whose answer did not come in time, now and then, between the papers that come."""

import logging

from core.pauses import Pause
from review_api.services import Services
from triage import questions

EVERY_SECONDS = 30.0
_log = logging.getLogger("clearhold.coming_back")


class ComingBack:
    """One node's look for questions nobody has answered. It keeps no state that another worker would need."""

    def __init__(self, services: Services, actor: str) -> None:
        self._services = services
        self._actor = actor
        self._pause = Pause(EVERY_SECONDS)

    def go_on(self) -> None:
        """Looks, unless it has looked just now."""
        if not self._pause.is_over:
            return
        self._pause.begin()
        self.finish()

    def finish(self) -> None:
        """Brings back every case whose time is over."""
        services = self._services
        at = services.clock.now()
        with services.db.read() as session:
            due = questions.overdue(session, at=at)
        for case_id in due:
            with services.db.write() as session:
                case = questions.come_back(session, case_id, at=at, actor=self._actor)
            if case is not None:
                _log.info("answer overdue case_id=%s", case_id)
