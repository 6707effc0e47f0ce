"""Has the policy's timers looked at now and then, between the papers that come."""

import logging

from core.pauses import Pause
from review_api.services import Services
from triage.escalation import escalate_all

EVERY_SECONDS = 60.0
_log = logging.getLogger("clearhold.escalating")


class Escalating:
    """The timers of the house. It keeps no state that another worker would need."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._pause = Pause(EVERY_SECONDS)

    def go_on(self) -> None:
        """Looks at every timer; asked again too soon, it does nothing."""
        if not self._pause.is_over:
            return
        self._pause.begin()
        done = escalate_all(self._services.db, self._services.clock)
        if done:
            _log.info("escalated cases=%d", done)
